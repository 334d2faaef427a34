/** The time warp against SciPy's thin-plate spline and sampler; make-reference.py made the numbers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createWarpFields, warpTime } from '../../../src-main/augment/time-warp.ts'

interface Packed {
  readonly shape: readonly [number, number]
  readonly float32: string
}
interface Case {
  readonly moved: number
  readonly shift: number
  readonly image: Packed
  readonly warped: Packed
}

const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'time-warp.json'), 'utf8')) as { cases: readonly Case[] }
function values(packed: Packed): Float32Array {
  const bytes = Buffer.from(packed.float32, 'base64')
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

describe('time warp equals the sparse image warp', () => {
  it.each(cases.map((c) => [`${c.image.shape.join(' × ')}: ${c.moved - c.shift} → ${c.moved}`, c] as const))('%s', (_, { image, warped, ...warp }) => {
    const [height, width] = image.shape
    const pixels = values(image)
    warpTime(pixels, height, width, [0, width], warp, createWarpFields())
    const expected = values(warped)
    const worst = pixels.reduce((m, v, i) => Math.max(m, Math.abs(v - expected[i]!)), 0)
    expect(worst).toBeLessThan(1e-4)
  })

  it('does the same inside a span and leaves the rest', () => {
    const { image, warped, moved, shift } = cases[0]!
    const [height, width] = image.shape
    const [left, right] = [5, 3]
    const wide = new Float32Array(height * (left + width + right)).fill(77)
    const source = values(image)
    for (let y = 0; y < height; y++) wide.set(source.subarray(y * width, (y + 1) * width), y * (left + width + right) + left)
    warpTime(wide, height, left + width + right, [left, left + width], { moved, shift }, createWarpFields())
    const expected = values(warped)
    for (let y = 0; y < height; y++) {
      const row = wide.subarray(y * (left + width + right), (y + 1) * (left + width + right))
      for (let x = 0; x < width; x++) expect(row[left + x]).toBeCloseTo(expected[y * width + x]!, 4)
      expect([...row.subarray(0, left), ...row.subarray(left + width)].every((v) => v === 77)).toBe(true)
    }
  })
})

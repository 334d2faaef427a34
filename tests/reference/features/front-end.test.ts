/** Every kind and setting of a front end against librosa, torch and scipy; make-reference.py made the numbers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFrontEndModel, frontEndShape, parseFrontEnd } from '../../../src-main/features/index.ts'
import { resizeMatrix } from '../../../src-main/features/matrices.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { runFrontEnd } from './run-front-end.ts'

interface Packed {
  readonly shape: readonly number[]
  readonly float32: string
}
interface Reference {
  readonly signal: Packed
  readonly cases: Readonly<Record<string, Packed & { readonly config: unknown }>>
  readonly resizeInput: Packed
  readonly resize: readonly Packed[]
}

const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'features.json'), 'utf8')) as Reference
function values(packed: Packed): Float32Array {
  const bytes = Buffer.from(packed.float32, 'base64')
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

/** Largest difference relative to the largest value. */
function worst(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length)
  const size = expected.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  return actual.reduce((m, v, i) => Math.max(m, Math.abs(v - expected[i]!)), 0) / size
}

describe('front ends equal the reference within 1e-4', () => {
  const signal = values(reference.signal)

  it.each(Object.entries(reference.cases))('%s', async (_, expected) => {
    const config = unwrap(parseFrontEnd(expected.config))
    const { data, shape } = await runFrontEnd(createFrontEndModel(config), [signal])
    expect(shape).toEqual([1, 1, ...expected.shape])
    expect(frontEndShape(config)).toEqual([1, ...expected.shape])
    expect(worst(data, values(expected))).toBeLessThan(1e-4)
  })

  it.each(reference.resize.map((r) => [r.shape.join(' × '), r] as const))('resize 23 × 17 to %s', (_, expected) => {
    const [fromRows, fromColumns] = reference.resizeInput.shape as [number, number]
    const [rows, columns] = expected.shape as [number, number]
    const image = values(reference.resizeInput)
    const [down, across] = [resizeMatrix(fromRows, rows), resizeMatrix(fromColumns, columns)]
    const out = new Float32Array(rows * columns)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        for (let i = 0; i < fromRows; i++)
          for (let j = 0; j < fromColumns; j++) out[r * columns + c]! += down[r * fromRows + i]! * image[i * fromColumns + j]! * across[c * fromColumns + j]!
    expect(worst(out, values(expected))).toBeLessThan(1e-6)
  })
})

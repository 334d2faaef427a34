import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createDecodePool } from '../../src-main/audio/index.ts'

const folder = join(import.meta.dirname, '..', '..', 'resources', 'samples')

it('every clip of the sample set is decoded by our own decoders, and holds a word', async () => {
  const files = readFileSync(join(folder, 'clips.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',')[0]!)
  await using pool = createDecodePool({ workers: 2 })
  let next = 0
  for await (const sound of pool.decodeAll(files.map((file) => ({ path: join(folder, file), sampleRate: 16_000 })))) {
    const file = files[next++]!
    if (!sound.ok) throw sound.error
    const { samples } = sound.value
    const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    expect(samples.length / 16_000, file).toBeGreaterThan(0.35)
    expect(samples.length / 16_000, file).toBeLessThan(1.6)
    expect(peak, file).toBeGreaterThan(0.08)
    expect(peak, file).toBeLessThan(1)
  }
  expect(next).toBe(1200)
})

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createDecodePool, renderEdits } from '../../../src-main/audio/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'

const FSDD = join(process.env['ESPECTRO_FSDD'] ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'fsdd'), 'recordings')
const SPEAKERS = ['george', 'jackson', 'lucas', 'nicolas', 'theo', 'yweweler']

/** dB */
function signalToNoise(clean: Float32Array, heard: Float32Array): number {
  let signal = 0
  let noise = 0
  clean.forEach((x, i) => {
    signal += x * x
    noise += (x - heard[i]!) ** 2
  })
  return 10 * Math.log10(signal / noise)
}

it.skipIf(!existsSync(FSDD)).each([0, 5, 10])('denoising brings spoken digits in noise at %i dB nearer to what was said', async (level) => {
  await using pool = createDecodePool({ workers: 1 })
  const random = createRandom(`noise at ${level} dB`)
  const margin = 4000
  let gained = 0
  let count = 0
  for (const speaker of SPEAKERS) {
    for (let digit = 0; digit < 10; digit++) {
      const { samples, sampleRate } = unwrap(await pool.decode({ path: join(FSDD, `${digit}_${speaker}_1.wav`), sampleRate: null }))
      const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length
      const noise = Math.sqrt(power) * 10 ** (-level / 20)
      const noisy = Float32Array.from({ length: samples.length + 2 * margin }, (_, i) => (samples[i - margin] ?? 0) + noise * random.normal())
      const clean = renderEdits({ samples: noisy, sampleRate, start: margin, end: margin + samples.length }, [{ kind: 'denoise', reduction: 20, threshold: 1.5 }])
      gained += signalToNoise(samples, clean) - signalToNoise(samples, noisy.subarray(margin, margin + samples.length))
      count++
    }
  }
  expect(gained / count).toBeGreaterThan(4)
})

/**
 * Listening on one core: how long after a piece of sound its scores are there, what share of a core a model takes in
 * mode `windows` at a hop of 20 ms, and how late a word is known in mode `sounds`. Sound is pushed through as fast as it
 * goes; the time that a detection waits for sound is counted in sound, the time for work by the clock.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { FRONT_ENDS, frontEndShape } from '../src-main/features/index.ts'
import { exportModel, writeModel } from '../src-main/models/index.ts'
import { architectures, initialiseNetwork, planNetwork } from '../src-main/nn/index.ts'
import { createLiveRecogniser, liveOptionsSchema, startModelProcess } from '../src-main/recognition/index.ts'
import { median } from './lib/measure.ts'

const RATE = 16_000
const SECONDS = 60
const folder = mkdtempSync(join(tmpdir(), 'espectro-bench-'))
const random = createRandom(1)

/** Noise with a word of 0.4 s every 2 s. */
const signal = Float32Array.from({ length: SECONDS * RATE }, (_, i) => {
  const t = (i / RATE) % 2
  return 0.001 * random.normal() + (t >= 1 && t < 1.4 ? 0.2 * Math.sin(2 * Math.PI * 440 * t) : 0)
})

async function measure(name: string, frontEndName: 'logmel-64x64' | 'logmel-40x101', mode: 'windows' | 'sounds'): Promise<void> {
  const frontEnd = FRONT_ENDS[frontEndName]
  const architecture = architectures.get(name)!
  const labels = Array.from({ length: 10 }, (_, i) => `digit ${i}`)
  const network = unwrap(planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length }))
  const path = join(folder, `${name}.onnx`)
  unwrap(await writeModel(path, unwrap(exportModel({ architecture, weights: initialiseNetwork(network, 0), frontEnd, labels, normalisation: null }))))
  await using model = unwrap(await startModelProcess(path, { threads: 1 }))
  const live = unwrap(await createLiveRecogniser(model, liveOptionsSchema.parse({ mode, hop: 0.02, threshold: 0, refractory: 0.5 })))
  const piece = 0.02 * RATE
  const times: number[] = []
  const waits: number[] = []
  for (let at = 0; at < signal.length; at += piece) {
    const asked = performance.now()
    const events = unwrap(await live.push(signal.subarray(at, at + piece)))
    times.push(performance.now() - asked)
    if (mode === 'sounds') for (const event of events) if (event.type === 'detection') waits.push(1000 * (event.time - (Math.floor(event.start / 2) * 2 + 1.4)))
  }
  const [work, slowest] = [times.reduce((a, b) => a + b, 0), times.toSorted((a, b) => a - b)[Math.floor(0.99 * times.length)]!]
  const word = waits.length > 0 ? `; ${waits.length} words known ${(median(waits) + median(times)).toFixed(0)} ms after their end (aim: under 150)` : ''
  console.log(`${name} on ${frontEndName}, mode ${mode}, a piece every 20 ms: ${median(times).toFixed(2)} ms a piece (99 % under ${slowest.toFixed(1)}), ${((100 * work) / (1000 * SECONDS)).toFixed(1)} % of a core, waiting included (aim: under 10)${word}`)
}

try {
  await measure('lenet5', 'logmel-64x64', 'windows')
  await measure('lenet5', 'logmel-64x64', 'sounds')
  await measure('tc-resnet8', 'logmel-40x101', 'windows')
} finally {
  rmSync(folder, { recursive: true })
}

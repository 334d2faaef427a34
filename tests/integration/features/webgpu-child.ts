/** Prints one JSON line for each of several front ends: its largest difference between WebGPU and the CPU. */
import { createFittedFrontEndModel, createFrontEndModel, loadFrontEnd, packClips, parseFrontEnd, type FrontEndConfig } from '../../../src-main/features/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { createSession, floats, tensor, type Device } from '../../../src-main/runtime/index.ts'

const random = createRandom('webgpu')
const clips = [5000, 9000, 20_000].map((length) => Float32Array.from({ length }, (_, i) => 0.3 * Math.sin(i * i * 2e-5) + 0.02 * random.normal()))

/** Runs a model on several batches of [count, samples]. */
async function run(model: Uint8Array, device: Device, noFallback: boolean, batches: readonly (readonly [Float32Array, number])[]): Promise<Float32Array[]> {
  await using session = unwrap(await createSession(model, { device, threads: 1, noFallback }))
  const results: Float32Array[] = []
  for (const [samples, count] of batches) {
    const { features } = await session.run({ waveform: tensor(samples, [count, samples.length / count]) })
    results.push(floats(features!))
  }
  return results
}

const difference = (a: Float32Array, b: Float32Array): number => {
  const size = a.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  return a.reduce((m, v, i) => Math.max(m, Math.abs(v - b[i]!)), a.length === b.length ? 0 : Infinity) / size
}

async function fitted(name: string, config: FrontEndConfig): Promise<void> {
  const packed = packClips(clips, config)
  const [onCpu] = await run(createFittedFrontEndModel(config), 'cpu', false, [[packed, 3]])
  const [there] = await run(createFittedFrontEndModel(config, { target: 'webgpu' }), 'webgpu', true, [[packed, 3]])
  process.stdout.write(`${JSON.stringify({ name, difference: difference(onCpu!, there!) })}\n`)
}

/** Shapes are worked out on the CPU there, so nodes may fall back. */
async function anyLength(name: string, config: FrontEndConfig): Promise<void> {
  const batches = clips.map((clip) => [clip, 1] as const)
  const model = (target: Device) => createFrontEndModel(config, { target, normalisation: null })
  const onCpu = await run(model('cpu'), 'cpu', false, batches)
  const there = await run(model('webgpu'), 'webgpu', false, batches)
  process.stdout.write(`${JSON.stringify({ name, difference: Math.max(...onCpu.map((a, i) => difference(a, there[i]!))) })}\n`)
}

const named = (name: string) => unwrap(loadFrontEnd(name, { datasetSampleRate: 8000 }))
const written = (config: object) => unwrap(parseFrontEnd({ version: 1, sampleRate: 8000, ...config }))

await fitted('log-mel', named('logmel-64x64'))
await fitted('MFCC, clip normalisation', named('mfcc-40x101'))
await fitted('spectrogram as an image', named('spectrogram-224x224'))
await fitted('magnitude, reflected edges, pre-emphasis', written({ kind: 'logmel', frames: { power: 1, padding: 'reflect' }, preEmphasis: 0.97 }))
await fitted('no padding', written({ kind: 'spectrogram', frames: { padding: 'none' } }))
await anyLength('centre crop', named('logmel-64x64'))
await anyLength('energy crop', written({ kind: 'logmel', clip: { crop: 'energy' }, mel: { bands: 20 } }))

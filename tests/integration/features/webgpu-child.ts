/** Prints one JSON line for each named front end and some others: its largest difference between WebGPU and the CPU. */
import { createFittedFrontEndModel, createFrontEndModel, FRONT_ENDS, loadFrontEnd, packClips, parseFrontEnd } from '../../../src-main/features/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { createSession, floats, tensor, type Device } from '../../../src-main/runtime/index.ts'

const random = createRandom('webgpu')
const clips = [5000, 9000, 20_000].map((length) => Float32Array.from({ length }, (_, i) => 0.3 * Math.sin(i * i * 2e-5) + 0.02 * random.normal()))

async function run(model: Uint8Array, device: Device, noFallback: boolean, waveforms: Float32Array, count: number): Promise<Float32Array> {
  await using session = unwrap(await createSession(model, { device, threads: 1, noFallback }))
  const { features } = await session.run({ waveform: tensor(waveforms, [count, waveforms.length / count]) })
  return floats(features!)
}

const difference = (a: Float32Array, b: Float32Array): number => {
  const size = a.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  return a.reduce((m, v, i) => Math.max(m, Math.abs(v - b[i]!)), a.length === b.length ? 0 : Infinity) / size
}

const named = Object.keys(FRONT_ENDS).map((name) => [name, unwrap(loadFrontEnd(name, { datasetSampleRate: 8000 }))] as const)
const others = {
  'energy crop, magnitude, reflected edges': { kind: 'logmel', clip: { crop: 'energy' }, frames: { power: 1, padding: 'reflect' }, preEmphasis: 0.97 },
  'no padding': { kind: 'spectrogram', frames: { padding: 'none' }, clip: { pad: 'end', crop: 'start' }, log: { unit: 'log10' } },
}
const written = Object.entries(others).map(([name, config]) => [name, unwrap(parseFrontEnd({ version: 1, sampleRate: 8000, ...config }))] as const)

for (const [name, config] of [...named, ...written]) {
  const packed = packClips(clips, config)
  const fitted = createFittedFrontEndModel(config, { target: 'webgpu' })
  const whole = createFrontEndModel(config, { target: 'webgpu', normalisation: null })
  const onCpu = await run(createFittedFrontEndModel(config), 'cpu', false, packed, 3)
  const size = onCpu.length / 3
  const line = {
    name,
    fitted: difference(onCpu, await run(fitted, 'webgpu', true, packed, 3)),
    longer: difference(onCpu.subarray(2 * size), await run(whole, 'webgpu', false, clips[2]!, 1)),
    shorter: difference(onCpu.subarray(0, size), await run(whole, 'webgpu', false, clips[0]!, 1)),
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

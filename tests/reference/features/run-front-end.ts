import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'

/** Runs a front-end model of `createFrontEndModel` on waveforms [count, samples]. */
export async function runFrontEnd(model: Uint8Array, waveforms: readonly Float32Array[]): Promise<{ data: Float32Array; shape: readonly number[] }> {
  await using session = unwrap(await createSession(model, { device: 'cpu', threads: 1 }))
  const samples = waveforms[0]?.length ?? 0
  const packed = new Float32Array(waveforms.length * samples)
  waveforms.forEach((w, i) => packed.set(w, i * samples))
  const { features } = await session.run({ waveform: tensor(packed, [waveforms.length, samples]) })
  return { data: floats(features!), shape: features!.shape }
}

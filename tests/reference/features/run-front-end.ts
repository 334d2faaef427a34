import { InferenceSession, Tensor } from 'onnxruntime-node'

/** Runs a front-end model of `createFrontEndModel` on waveforms [count, samples]. */
export async function runFrontEnd(model: Uint8Array, waveforms: readonly Float32Array[]): Promise<{ data: Float32Array; shape: readonly number[] }> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  try {
    const samples = waveforms[0]?.length ?? 0
    const packed = new Float32Array(waveforms.length * samples)
    waveforms.forEach((w, i) => packed.set(w, i * samples))
    const { features } = await session.run({ waveform: new Tensor('float32', packed, [waveforms.length, samples]) })
    return { data: features!.data as Float32Array, shape: features!.dims }
  } finally {
    await session.release()
  }
}

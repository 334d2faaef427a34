/**
 * Recognition from an exported file: one clip of a second on one thread, in this process and through the model's
 * own process, with Python's onnxruntime as the peer where there is one. Long recordings: recognise-long.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { FRONT_ENDS, frontEndShape } from '../src-main/features/index.ts'
import { exportModel, writeModel } from '../src-main/models/index.ts'
import { architectures, initialiseNetwork, planNetwork } from '../src-main/nn/index.ts'
import { startModelProcess } from '../src-main/recognition/index.ts'
import { createSession, tensor } from '../src-main/runtime/index.ts'
import { median } from './lib/measure.ts'
import { findPython, runPython } from './lib/python.ts'

const folder = mkdtempSync(join(tmpdir(), 'espectro-bench-'))
const path = join(folder, 'lenet5.onnx')
const frontEnd = FRONT_ENDS['logmel-64x64']
const architecture = architectures.get('lenet5')!
const labels = Array.from({ length: 10 }, (_, i) => `digit ${i}`)
const network = unwrap(planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length }))
const bytes = unwrap(exportModel({ architecture, weights: initialiseNetwork(network, 0), frontEnd, labels, normalisation: null }))
unwrap(await writeModel(path, bytes))
const random = createRandom(1)
const second = Float32Array.from({ length: 16_000 }, () => 0.1 * random.normal())

async function time(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < runs + 20; i++) {
    const start = performance.now()
    await work()
    if (i >= 20) times.push(performance.now() - start)
  }
  return median(times)
}

try {
  {
    await using session = unwrap(await createSession(bytes, { device: 'cpu', threads: 1 }))
    const waveform = tensor(second, [1, second.length])
    const ms = await time(300, () => session.run({ waveform }, ['probabilities']))
    console.log(`one clip of 1 s, LeNet-5 on logmel-64x64, 1 thread, in this process: ${ms.toFixed(2)} ms (aim: under 3)`)
    const python = findPython(['onnxruntime', 'numpy'])
    if (python) {
      const peer = runPython<{ ms: number; version: string }>(python, [join(import.meta.dirname, 'peers', 'recognise-onnxruntime.py'), path])
      console.log(`the same file in Python's onnxruntime ${peer.version}: ${peer.ms.toFixed(2)} ms; ratio ${(peer.ms / ms).toFixed(2)}`)
    }
  }
  {
    await using model = unwrap(await startModelProcess(path, { threads: 1 }))
    console.log(`through the model's own process: ${(await time(300, () => model.classify(second))).toFixed(2)} ms`)
  }
} finally {
  rmSync(folder, { recursive: true })
}

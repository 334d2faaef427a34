/**
 * A long recording (an hour, unless told in minutes): from its file to detections, a window about every 0.1 s, beside the
 * same windows judged whole and sharing their frames on one core. Prints times real time for each architecture; starting
 * the models' processes counts in the first figure only.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeWav } from '../src-main/audio/index.ts'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { FRONT_ENDS, frontEndShape } from '../src-main/features/index.ts'
import { exportModel, writeModel } from '../src-main/models/index.ts'
import { architectures, initialiseNetwork, planNetwork } from '../src-main/nn/index.ts'
import { recogniseFiles, startModelProcess } from '../src-main/recognition/index.ts'
import { median } from './lib/measure.ts'

const minutes = Number(process.argv[2] ?? 60)
const RATE = 16_000
const folder = mkdtempSync(join(tmpdir(), 'espectro-bench-'))
const random = createRandom(1)
const second = Float32Array.from({ length: RATE }, () => 0.1 * random.normal())
const sound = join(folder, 'long.wav')
writeFileSync(sound, encodeWav(Float32Array.from({ length: minutes * 60 * RATE }, (_, i) => second[i % RATE]!), RATE))

async function measure(name: string, frontEndName: 'logmel-64x64' | 'logmel-40x101'): Promise<void> {
  const frontEnd = FRONT_ENDS[frontEndName]
  const architecture = architectures.get(name)!
  const labels = Array.from({ length: 10 }, (_, i) => `digit ${i}`)
  const network = unwrap(planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length }))
  const path = join(folder, `${name}.onnx`)
  unwrap(await writeModel(path, unwrap(exportModel({ architecture, weights: initialiseNetwork(network, 0), frontEnd, labels, normalisation: null }))))
  const start = performance.now()
  // Without a gate, so that every window is judged.
  unwrap(await recogniseFiles(path, [sound], { stream: true, gate: null }))
  const taken = (performance.now() - start) / 1000
  await using model = unwrap(await startModelProcess(path, { threads: 1 }))
  const windows = 200
  const samples = new Float32Array(16_256 + windows * 1600).map((_, i) => second[i % RATE]!)
  unwrap(await model.slide({ samples, hop: 1601, windows: 16 }))
  const frame = unwrap(await model.prepare()).frameHop!
  const times = async (hop: number): Promise<number> => {
    const before = performance.now()
    unwrap(await model.slide({ samples, hop, windows }))
    return (windows * 100) / (performance.now() - before)
  }
  // A hop that is no whole number of frames shares nothing. In turn, so that what else the machine does touches both.
  const [whole, shared]: [number[], number[]] = [[], []]
  for (let round = 0; round < 9; round++) {
    whole.push(await times(1599))
    shared.push(await times(Math.round(1600 / frame) * frame))
  }
  console.log(
    `${name} on ${frontEndName}, ${minutes} min, ${availableParallelism()} cores: ${((minutes * 60) / taken).toFixed(0)} times real time (${taken.toFixed(1)} s);` +
      ` one core at 0.1 s: ${median(shared).toFixed(0)} times with shared frames, ${median(whole).toFixed(0)} times judged whole`,
  )
}

try {
  await measure('lenet5', 'logmel-64x64')
  await measure('tc-resnet8', 'logmel-40x101')
} finally {
  rmSync(folder, { recursive: true })
}

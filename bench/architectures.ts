/**
 * A training step (SGD with momentum) of several architectures beside PyTorch in both of its layouts, which builds its
 * network from the same layer list, on as many threads (two where there are two), all in turn. Arguments: names of
 * architectures. PYTHON names the Python with torch. Only a quiet machine gives figures worth quoting.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { architectures } from '../src-main/nn/index.ts'
import { createTrainingEngine } from '../src-main/training/training-engine.ts'
import { median } from './lib/measure.ts'
import { findPython, runPython } from './lib/python.ts'

const [CLASSES, ROUNDS] = [12, 3]
const threads = Math.min(2, availableParallelism())

interface Setting {
  readonly input: readonly [number, number, number]
  readonly batch: number
  readonly steps: number
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  lenet5: { input: [1, 64, 64], batch: 64, steps: 20 },
  gru: { input: [1, 64, 64], batch: 64, steps: 20 },
  'resnet-small': { input: [1, 64, 64], batch: 64, steps: 8 },
  'tc-resnet8': { input: [1, 40, 101], batch: 64, steps: 20 },
  'ds-cnn-m': { input: [1, 40, 101], batch: 64, steps: 4 },
  'bc-resnet-1': { input: [1, 40, 101], batch: 64, steps: 8 },
  alexnet: { input: [1, 224, 224], batch: 32, steps: 4 },
}

async function ours(name: string, { input, batch, steps }: Setting): Promise<number[]> {
  const random = createRandom(1)
  const x = Float32Array.from({ length: batch * input.reduce((a, b) => a * b, 1) }, () => random.next())
  const target = Float32Array.from({ length: batch * CLASSES }, (_, i) => Number(i % CLASSES === Math.floor(i / CLASSES) % CLASSES))
  await using engine = unwrap(
    await createTrainingEngine({
      architecture: architectures.get(name)!,
      inputShape: input,
      classes: CLASSES,
      batch,
      loss: { type: 'crossEntropy' },
      optimizer: { type: 'sgd', momentum: 0.9 },
      device: 'cpu',
      threads,
      seed: 1,
    }),
  )
  const times: number[] = []
  for (let step = 0; step < steps + 3; step++) {
    const start = performance.now()
    await engine.step({ x, target, learningRate: 0.01, step })
    times.push(performance.now() - start)
  }
  return times.slice(3)
}

interface Peer {
  readonly wall: number[]
  readonly version: string
}

const named = process.argv.slice(2)
const python = findPython(['torch'])
const folder = mkdtempSync(join(tmpdir(), 'espectro-bench-'))
try {
  console.log(`milliseconds a step, threads: ${threads}; medians (least times)`)
  for (const name of named.length > 0 ? named : Object.keys(SETTINGS)) {
    const setting = SETTINGS[name]
    if (!setting) throw new Error(`No setting for ${name}; there are ${Object.keys(SETTINGS).join(', ')}`)
    const file = join(folder, `${name}.json`)
    writeFileSync(file, JSON.stringify(architectures.get(name)))
    const sizes = [...setting.input, CLASSES, setting.batch, threads].map(String)
    const peer = (layout: string) => runPython<Peer>(python!, [join(import.meta.dirname, 'peers', 'architectures.py'), file, ...sizes, layout, String(setting.steps)])
    const mine: number[] = []
    const theirs: Record<string, number[]> = { contiguous: [], channels_last: [] }
    let version = ''
    for (let round = 0; round < ROUNDS; round++) {
      mine.push(...(await ours(name, setting)))
      for (const layout of python ? Object.keys(theirs) : []) {
        const measured = peer(layout)
        version = measured.version
        theirs[layout]!.push(...measured.wall)
      }
    }
    const shown = (all: readonly number[]) => `${median(all).toFixed(1)} (${Math.min(...all).toFixed(1)})`
    console.log(`${name}, ${setting.batch}×${setting.input.join('×')}: Espectro ${shown(mine)}`)
    if (!python) continue
    for (const [layout, all] of Object.entries(theirs)) console.log(`  PyTorch ${version}, ${layout}: ${shown(all)}`)
    const best = (of: (all: readonly number[]) => number) => Math.min(...Object.values(theirs).map(of))
    const ratio = (of: (all: readonly number[]) => number) => (best(of) / of(mine)).toFixed(2)
    console.log(`  PyTorch's time to ours: medians ${ratio(median)}, least times ${ratio((all) => Math.min(...all))}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

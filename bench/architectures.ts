/**
 * A training step (SGD with momentum) of several architectures beside PyTorch, which builds its network from the same layer
 * list, in both of its layouts, all in turn; ours as a training does it, with batch normalisation in ghost batches where
 * the default recipe has them. Arguments: names of architectures. THREADS (two where there are two), and PYTHON for the
 * Pythons with torch, several with colons between. Only a quiet machine gives times worth quoting; processor time, all
 * threads together, is less easily disturbed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { architectures } from '../src-main/nn/index.ts'
import { ghostBatchesOf } from '../src-main/training/ghost-batches.ts'
import { DEFAULT_GHOST_BATCHES } from '../src-main/training/recipe.ts'
import { createTrainingEngine } from '../src-main/training/training-engine.ts'
import { median } from './lib/measure.ts'
import { findPythons, runPython } from './lib/python.ts'

const [CLASSES, ROUNDS, WARM_UP] = [12, 3, 2]
const threads = Number(process.env['THREADS'] ?? Math.min(2, availableParallelism()))

interface Setting {
  readonly input: readonly [number, number, number]
  readonly batch: number
  readonly steps: number
  /** PyTorch on one thread too: it is the faster one at times. */
  readonly small?: true
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  lenet5: { input: [1, 64, 64], batch: 64, steps: 20, small: true },
  gru: { input: [1, 64, 64], batch: 64, steps: 20, small: true },
  'resnet-small': { input: [1, 64, 64], batch: 64, steps: 8 },
  'tc-resnet8': { input: [1, 40, 101], batch: 64, steps: 20, small: true },
  'ds-cnn-m': { input: [1, 40, 101], batch: 64, steps: 4 },
  'bc-resnet-1': { input: [1, 40, 101], batch: 64, steps: 8 },
  alexnet: { input: [1, 224, 224], batch: 32, steps: 4 },
}

/** Milliseconds of each step: by the clock, and of the processor. */
interface Times {
  readonly wall: number[]
  readonly cpu: number[]
}

async function ours(name: string, { input, batch, steps }: Setting): Promise<Times> {
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
      ghostBatches: ghostBatchesOf({ ghostBatches: DEFAULT_GHOST_BATCHES }, batch),
      device: 'cpu',
      threads,
      seed: 1,
    }),
  )
  const times: Times = { wall: [], cpu: [] }
  for (let step = 0; step < steps + WARM_UP; step++) {
    const [start, used] = [performance.now(), process.cpuUsage()]
    await engine.step({ x, target, learningRate: 0.01, step })
    const { user, system } = process.cpuUsage(used)
    if (step < WARM_UP) continue
    times.wall.push(performance.now() - start)
    times.cpu.push((user + system) / 1000)
  }
  return times
}

interface Peer {
  readonly runs: readonly (Times & { readonly threads: number; readonly layout: string })[]
  readonly version: string
  readonly blas: string
}

const least = (all: readonly number[]) => Math.min(...all)
const shown = ({ wall, cpu }: Times) => `${median(wall).toFixed(1)} (${least(wall).toFixed(1)}), processor ${median(cpu).toFixed(1)} (${least(cpu).toFixed(1)})`

const named = process.argv.slice(2)
const pythons = findPythons(['torch'])
const folder = mkdtempSync(join(tmpdir(), 'espectro-bench-'))
try {
  console.log(`milliseconds a step, Espectro on ${threads} threads; medians (least times)`)
  for (const name of named.length > 0 ? named : Object.keys(SETTINGS)) {
    const setting = SETTINGS[name]
    if (!setting) throw new Error(`No setting for ${name}; there are ${Object.keys(SETTINGS).join(', ')}`)
    const file = join(folder, `${name}.json`)
    writeFileSync(file, JSON.stringify(architectures.get(name)))
    const counts = setting.small && threads > 1 ? `1,${threads}` : String(threads)
    const options = [file, ...[...setting.input, CLASSES, setting.batch].map(String), counts, String(setting.steps)]
    const mine: Times = { wall: [], cpu: [] }
    const theirs = new Map<string, Times>()
    const add = (all: Times, { wall, cpu }: Times) => {
      all.wall.push(...wall)
      all.cpu.push(...cpu)
    }
    for (let round = 0; round < ROUNDS; round++) {
      add(mine, await ours(name, setting))
      for (const python of pythons) {
        const { runs, version, blas } = runPython<Peer>(python, [join(import.meta.dirname, 'peers', 'architectures.py'), ...options])
        for (const run of runs) {
          const kind = `PyTorch ${version}, ${blas}, ${run.threads} threads, ${run.layout}`
          if (!theirs.has(kind)) theirs.set(kind, { wall: [], cpu: [] })
          add(theirs.get(kind)!, run)
        }
      }
    }
    console.log(`${name}, ${setting.batch}×${setting.input.join('×')}: Espectro ${shown(mine)}`)
    for (const [kind, times] of theirs) console.log(`  ${kind}: ${shown(times)}`)
    if (theirs.size === 0) continue
    const best = (of: (times: Times) => number) => Math.min(...[...theirs.values()].map(of))
    const ratio = (of: (times: Times) => number) => (best(of) / of(mine)).toFixed(2)
    const [byMedian, byLeast, processor] = [ratio((t) => median(t.wall)), ratio((t) => least(t.wall)), ratio((t) => least(t.cpu))]
    console.log(`  the best PyTorch's time to ours: medians ${byMedian}, least times ${byLeast}, least processor time ${processor}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * A training step of LeNet-5 (batch 64, 64×64, SGD with momentum) as a training runs it, on one thread and on two,
 * beside PyTorch in both of its layouts, on as many threads: all in turn, by the wall clock. PYTHON names the
 * Pythons with torch, with colons between them. Only a quiet machine gives figures worth quoting.
 */
import { join } from 'node:path'
import { availableParallelism } from 'node:os'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { architectures } from '../src-main/nn/index.ts'
import { countReplicas, createTrainingEngine } from '../src-main/training/training-engine.ts'
import { median } from './lib/measure.ts'
import { findPythons, runPython } from './lib/python.ts'

const [BATCH, SIDE, CLASSES, STEPS, ROUNDS] = [64, 64, 10, 20, 3]

interface Setting {
  readonly title: string
  readonly ours: boolean
  readonly run: () => Promise<number[]>
}

const options = (threads: number) =>
  ({
    architecture: architectures.get('lenet5')!,
    inputShape: [1, SIDE, SIDE],
    classes: CLASSES,
    batch: BATCH,
    loss: { type: 'crossEntropy' },
    optimizer: { type: 'sgd', momentum: 0.9 },
    device: 'cpu',
    threads,
    seed: 1,
  }) as const

const random = createRandom(1)
const x = Float32Array.from({ length: BATCH * SIDE * SIDE }, () => random.next())
const target = Float32Array.from({ length: BATCH * CLASSES }, (_, i) => Number(i % CLASSES === Math.floor(i / CLASSES) % CLASSES))

/** An engine of its own each time: the waiting threads of an open one would disturb the peers. */
async function ours(threads: number): Promise<number[]> {
  await using engine = unwrap(await createTrainingEngine(options(threads)))
  const times: number[] = []
  for (let step = 0; step < STEPS + 3; step++) {
    const start = performance.now()
    await engine.step({ x, target, learningRate: 0.01, step })
    times.push(performance.now() - start)
  }
  return times.slice(3)
}

interface Peer {
  readonly wall: number[]
  readonly version: string
  readonly blas: string
}
const peer = (python: string, threads: number, layout: string, steps: number) =>
  runPython<Peer>(python, [join(import.meta.dirname, 'peers', 'training_step.py'), ...[threads, layout, BATCH, SIDE, steps].map(String)])

const threadCounts = [...new Set([1, Math.min(2, availableParallelism())])]
const settings: Setting[] = threadCounts.map((threads) => ({
  title: `Espectro, threads: ${threads}, parts: ${unwrap(countReplicas(options(threads)))}`,
  ours: true,
  run: () => ours(threads),
}))
for (const python of findPythons(['torch'])) {
  const { version, blas } = peer(python, 1, 'contiguous', 1)
  for (const threads of threadCounts)
    for (const layout of ['contiguous', 'channels_last'])
      settings.push({
        title: `PyTorch ${version} with ${blas}, threads: ${threads}, ${layout}`,
        ours: false,
        run: async () => peer(python, threads, layout, STEPS).wall,
      })
}

const times = new Map(settings.map((setting) => [setting, [] as number[]]))
for (let round = 0; round < ROUNDS; round++) for (const setting of settings) times.get(setting)!.push(...(await setting.run()))

console.log(`LeNet-5, ${BATCH}×1×${SIDE}×${SIDE}, milliseconds a step`)
for (const [{ title }, all] of times) console.log(`  ${title}: median ${median(all).toFixed(1)}, least ${Math.min(...all).toFixed(1)}`)
const fastest = (mine: boolean, of: (all: readonly number[]) => number) => Math.min(...[...times].filter(([s]) => s.ours === mine).map(([, all]) => of(all)))
if (settings.some((s) => !s.ours)) {
  const ratio = (of: (all: readonly number[]) => number) => (fastest(false, of) / fastest(true, of)).toFixed(2)
  console.log(`  the fastest PyTorch to the fastest Espectro: medians ${ratio(median)}, least times ${ratio((all) => Math.min(...all))}`)
}

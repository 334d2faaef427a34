/**
 * A training step of LeNet-5 (batch 64, 64×64, SGD with momentum) beside PyTorch in both of its layouts, in turn, by
 * the wall clock and by processor time. Processor time is the better figure on a busy machine, but only for one
 * thread: with more, waiting threads count too. PYTHON names the Python with torch.
 */
import { join } from 'node:path'
import { availableParallelism } from 'node:os'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { architectures, createTrainingStep, sizeOf } from '../src-main/nn/index.ts'
import { createSession, tensor, type RuntimeTensor, type Session } from '../src-main/runtime/index.ts'
import { median } from './lib/measure.ts'
import { findPython, runPython } from './lib/python.ts'

const [BATCH, SIDE, STEPS, PAIRS] = [64, 64, 20, 5]

interface Times {
  readonly wall: readonly number[]
  readonly cpu: readonly number[]
}
interface Peer extends Times {
  readonly version: string
  readonly blas: string
}

const step = unwrap(
  createTrainingStep({
    architecture: architectures.get('lenet5')!,
    inputShape: [1, SIDE, SIDE],
    classes: 10,
    batch: BATCH,
    loss: { type: 'crossEntropy' },
    optimizer: { type: 'sgd', momentum: 0.9 },
  }),
)

function firstFeeds(session: Session): Record<string, RuntimeTensor> {
  const random = createRandom(1)
  const parameters = new Set(step.state.filter((s) => s.role === 'parameter').map((s) => s.name))
  const value = (name: string, i: number) => {
    if (name === 'x') return random.next()
    if (name === 'target') return Number(i % 10 === Math.floor(i / 10) % 10)
    if (name === 'learningRate') return 0.01
    return parameters.has(name) ? random.uniform(-0.05, 0.05) : 0
  }
  const feeds = session.inputs.map(({ name, shape }) => {
    const sizes = shape as readonly number[]
    return [name, tensor(Float32Array.from({ length: sizeOf(sizes) }, (_, i) => value(name, i)), sizes)] as const
  })
  return Object.fromEntries(feeds)
}

async function ours(session: Session, feeds: Record<string, RuntimeTensor>): Promise<Times> {
  const [wall, cpu]: [number[], number[]] = [[], []]
  for (let i = 0; i < STEPS; i++) {
    const used = process.cpuUsage()
    const start = performance.now()
    const results = await session.run(feeds)
    for (const { name } of step.state) feeds[name] = results[`next.${name}`]!
    wall.push(performance.now() - start)
    const { user, system } = process.cpuUsage(used)
    cpu.push((user + system) / 1000)
  }
  return { wall, cpu }
}

const best = (all: readonly Times[], kind: keyof Times) => Math.min(...all.flatMap((t) => t[kind]))
const middle = (all: readonly Times[], kind: keyof Times) => median(all.flatMap((t) => t[kind]))
const shown = (title: string, all: readonly Times[]) =>
  console.log(`  ${title}: wall ${middle(all, 'wall').toFixed(1)} ms (least ${best(all, 'wall').toFixed(1)}), processor ${middle(all, 'cpu').toFixed(1)} ms (least ${best(all, 'cpu').toFixed(1)})`)

const python = findPython(['torch'])
for (const threads of new Set([1, Math.min(2, availableParallelism())])) {
  console.log(`LeNet-5, ${BATCH}×1×${SIDE}×${SIDE}, threads: ${threads}`)
  const mine: Times[] = []
  const theirs = { contiguous: [] as Peer[], channels_last: [] as Peer[] }
  for (let pair = 0; pair < PAIRS; pair++) {
    {
      // A session of its own each time: waiting threads of an open one would disturb the peer.
      await using session = unwrap(await createSession(step.model, { device: 'cpu', threads }))
      const feeds = firstFeeds(session)
      await session.run(feeds)
      mine.push(await ours(session, feeds))
    }
    if (python === null) continue
    for (const layout of ['contiguous', 'channels_last'] as const) {
      theirs[layout].push(runPython<Peer>(python, [join(import.meta.dirname, 'peers', 'training_step.py'), ...[threads, layout, BATCH, SIDE, STEPS].map(String)]))
    }
  }
  shown('Espectro', mine)
  if (python === null) continue
  for (const [layout, all] of Object.entries(theirs)) shown(`PyTorch ${all[0]!.version} with ${all[0]!.blas}, ${layout}`, all)
  const faster = (kind: keyof Times) => Math.min(...Object.values(theirs).map((all) => middle(all, kind))) / middle(mine, kind)
  console.log(`  ratio to the faster layout: wall ${faster('wall').toFixed(2)}, processor ${faster('cpu').toFixed(2)}`)
}

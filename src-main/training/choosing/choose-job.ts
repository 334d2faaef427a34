/** Chooses among clips without labels by a trained network. Runs in the training process; throws AppErrors. */
import { setImmediate } from 'node:timers/promises'
import { frontEndShape } from '../../features/index.ts'
import { AppError, unwrap } from '../../kit/index.ts'
import { createForward, LAYER, networkState, planNetwork } from '../../nn/index.ts'
import { createSession, floats, tensor } from '../../runtime/index.ts'
import { matchTensors } from '../checkpoint/checkpoint.ts'
import { readCheckpoint } from '../checkpoint/store.ts'
import { chooseThreads } from '../device.ts'
import type { TaskContext } from '../evaluate.ts'
import type { EvaluationJob } from '../evaluation-job.ts'
import { normaliseClips } from '../normalise.ts'
import { prepareClips } from '../prepare.ts'
import { softmaxRows } from '../scoring.ts'
import { choosing, entropyOf, type ChoiceMethod, type ChoiceRequest } from './choose-clips.ts'

/** The labels of its clips mean nothing. */
export interface ChoiceJob extends EvaluationJob {
  readonly count: number
  readonly method: ChoiceMethod
}

export interface ChosenClip {
  readonly clip: number
  /** The most probable class, and how probable it is. */
  readonly label: number
  readonly probability: number
  /** Entropy, 0 (sure) to 1. */
  readonly uncertainty: number
}

export interface ChoiceResult {
  /** The most instructive first. */
  readonly clips: readonly ChosenClip[]
  /** Clips that were looked at. */
  readonly looked: number
  readonly skipped: number
}

const BATCH = 64
/** Milliseconds between two reports, at which a wish to stop is heard too. */
const REPORT = 100

export async function chooseByNetwork(job: ChoiceJob, context: TaskContext): Promise<ChoiceResult> {
  const { frontEnd, architecture, labels } = job
  const classes = labels.length
  const checkpoint = unwrap(await readCheckpoint(job.checkpoint))
  const inputShape = frontEndShape(frontEnd)
  const network = unwrap(planNetwork({ architecture, inputShape, classes }))
  const weights = checkpoint.tensors.filter((t) => t.role !== 'optimizer')
  unwrap(matchTensors(weights, networkState(network), job.checkpoint))
  const threads = chooseThreads(job.threads)
  const { prepared, skipped } = await prepareClips({ clips: job.clips, frontEnd, folder: job.features, threads, ...context })
  if (prepared.length === 0) throw new AppError('INVALID', 'None of the clips can be read', { hint: skipped[0]?.message ?? '' })
  const clips = normaliseClips(frontEnd, prepared, checkpoint.state.normalisation)
  const layer = network.nodes.at(-2)?.path
  const forward = unwrap(createForward({ architecture, inputShape, classes, batch: BATCH, ...(layer === undefined ? {} : { layers: [layer] }) }))
  await using session = unwrap(await createSession(forward.model, { device: 'cpu', threads }))
  const values = new Map(weights.map((w) => [w.name, w.data]))
  const state = Object.fromEntries(forward.state.map(({ name, shape }) => [name, tensor(values.get(name) as Float32Array, shape)]))
  const size = inputShape.reduce((a, b) => a * b, 1)
  const logits = new Float32Array(clips.length * classes)
  const rows: Float32Array[] = []
  const x = new Float32Array(BATCH * size)
  const report = createReport(context)
  for (let at = 0; at < clips.length; at += BATCH) {
    await report('asking', at, clips.length)
    const part = clips.slice(at, at + BATCH)
    part.forEach((clip, i) => x.set(clip.features, i * size))
    x.fill(0, part.length * size)
    const outputs = await session.run({ x: tensor(x, [BATCH, ...inputShape]), ...state })
    logits.set(floats(outputs['logits']!).subarray(0, part.length * classes), at * classes)
    // A network of a single layer has no other: what goes in stands for it.
    const seen = layer === undefined ? x : floats(outputs[LAYER + layer]!)
    const width = seen.length / BATCH
    for (let i = 0; i < part.length; i++) rows.push(seen.slice(i * width, (i + 1) * width))
  }
  const probabilities = softmaxRows(logits, classes)
  const width = rows[0]!.length
  const embeddings = new Float32Array(rows.length * width)
  rows.forEach((row, i) => embeddings.set(row, i * width))
  const chosen = await choose({ probabilities, embeddings, classes, count: job.count, method: job.method, seed: job.seed }, clips.length, report)
  return {
    clips: chosen.map((place) => {
      const row = probabilities.subarray(place * classes, (place + 1) * classes)
      const label = row.indexOf(Math.max(...row))
      return { clip: clips[place]!.clip.id, label, probability: row[label]!, uncertainty: entropyOf(probabilities, place * classes, classes) }
    }),
    looked: clips.length,
    skipped: skipped.length,
  }
}

type Report = (phase: 'asking' | 'choosing', done: number, total: number) => Promise<void>

/** Tells how far it is a few times a second, and lets the message that stops it come in. */
function createReport({ emit, cancelled }: TaskContext): Report {
  let told = -Infinity
  let last = ''
  return async (phase, done, total) => {
    if (phase !== last || performance.now() - told >= REPORT) {
      last = phase
      emit({ type: 'choice', phase, done, total })
      await setImmediate()
      told = performance.now()
    }
    if (cancelled()) throw new AppError('CANCELLED', 'The choice was stopped')
  }
}

async function choose(request: ChoiceRequest, clips: number, report: Report): Promise<number[]> {
  const chosen: number[] = []
  for (const place of choosing(request)) {
    chosen.push(place)
    await report('choosing', chosen.length, Math.min(request.count, clips))
  }
  return chosen
}

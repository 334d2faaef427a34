/** One training, from clips to a result, inside the training process. Throws AppErrors. */
import { mkdirSync } from 'node:fs'
import { basename } from 'node:path'
import { hasWaveformSteps } from '../augment/index.ts'
import { frontEndHash, frontEndShape } from '../features/index.ts'
import { AppError, createScope, hashJson, takeLock, toAppError, unwrap, writeFileAtomic } from '../kit/index.ts'
import { learningRate, type LossSpec } from '../nn/index.ts'
import { createBatchMaker } from './batch-maker.ts'
import { createBatchOrder, type BatchOrderOptions } from './batch-order.ts'
import { bestPath, checkpointPath } from './checkpoint/store.ts'
import { balancedClassWeights } from './class-weights.ts'
import { chooseThreads } from './device.ts'
import { evaluateClips, type Evaluated, type TaskContext } from './evaluate.ts'
import { calibrate, type ScoredClips } from './evaluation/temperature.ts'
import { ghostBatchesOf } from './ghost-batches.ts'
import { dataHash, jobHash, type TrainingJob, type TrainingResult } from './job.ts'
import { runLoop, type LoopOptions, type LoopOutcome } from './loop.ts'
import { openMetricsLog } from './metrics-log.ts'
import { measureTraining, normaliseClips } from './normalise.ts'
import { prepareClips, type PreparedClip } from './prepare.ts'
import { findStart } from './resume.ts'
import { runFiles } from './run-files.ts'
import type { TrainingEngine } from './engine.ts'
import { createTrainingEngine } from './training-engine.ts'
import { varyFeatures, varySound } from './row-fillers.ts'

const seconds = () => performance.now() / 1000

export async function train(job: TrainingJob, context: TaskContext): Promise<TrainingResult> {
  const { settings, labels } = job
  const { frontEnd, architecture, seed } = settings
  await using scope = createScope()
  const files = runFiles(job.folders.run)
  scope.add(lockRun(job.folders.run, files.lock))
  const threads = chooseThreads(job.threads)
  const { device, reason: deviceReason } = context.device

  const began = seconds()
  const { prepared, skipped } = await prepareClips({ clips: job.clips, frontEnd, folder: job.folders.features, threads, ...context })
  const data = dataHash(labels, prepared.map((p) => p.clip))
  const hash = jobHash(settings, data)
  const known = [hash, ...job.earlierEpochs.map((epochs) => jobHash({ ...settings, epochs }, data))]
  const start = await findStart(files.checkpoints, job.resume, known, context.emit)
  const trainingClips = prepared.filter((p) => p.clip.split === 'train')
  if (trainingClips.length === 0) throw new AppError('INVALID', 'None of the training clips can be read', { hint: skipped[0]?.message ?? '' })
  const normalisation = start.state ? start.state.normalisation : measureTraining(frontEnd, trainingClips)
  const sides = splitSides(normaliseClips(frontEnd, prepared, normalisation))
  const preparationSeconds = seconds() - began

  const trainingLabels = Int32Array.from(sides.train, (c) => c.clip.label)
  const orderOptions: BatchOrderOptions = { clips: sides.train.length, batch: settings.batch, seed, ...(settings.balance === 'sampling' ? { balance: trainingLabels } : {}) }
  const order = createBatchOrder(orderOptions)
  const engine = scope.add(
    unwrap(
      await createTrainingEngine({
        architecture,
        inputShape: frontEndShape(frontEnd),
        classes: labels.length,
        batch: order.batch,
        loss: balancedLoss(settings, trainingLabels, labels.length),
        optimizer: settings.optimizer,
        ...(settings.clipNorm === null ? {} : { clipNorm: settings.clipNorm }),
        ghostBatches: ghostBatchesOf(settings, order.batch),
        device,
        threads,
        seed,
      }),
    ),
  )
  if (start.tensors) await engine.loadState(start.tensors)
  context.emit({
    type: 'started',
    device,
    deviceReason,
    threads,
    parameters: engine.parameters,
    clips: countSides(sides),
    stepsPerEpoch: order.stepsPerEpoch,
    epochs: settings.epochs,
    resumedFrom: start.state?.step ?? null,
  })

  const firstStep = start.state?.step ?? 0
  const rows = hasWaveformSteps(settings.augment)
    ? await varySound({ job, context, threads, clips: sides.train, labels: trainingLabels, normalisation, order, orderOptions, firstStep, scope })
    : varyFeatures(settings, sides.train, order.batch)
  const log = await openMetricsLog(files.metrics, firstStep)
  const outcome = await loop({
    engine,
    order,
    makeBatch: createBatchMaker({
      order,
      size: frontEndShape(frontEnd).reduce((a, b) => a * b, 1),
      labels: trainingLabels,
      classes: labels.length,
      seed,
      policy: settings.augment,
      rows,
    }),
    classes: labels.length,
    seed,
    validation:
      sides.validation.length === 0
        ? null
        : { ids: sides.validation.map((c) => c.clip.id), clips: sides.validation.map((c) => c.features), labels: sides.validation.map((c) => c.clip.label) },
    epochs: settings.epochs,
    learningRate: (step, totalSteps) => learningRate(settings.schedule, step, totalSteps),
    bestMetric: settings.bestMetric,
    patience: settings.patience,
    checkpoints: { folder: files.checkpoints, everySeconds: job.checkpointSeconds },
    log,
    logEvery: job.logEvery,
    identity: { jobHash: hash, normalisation, device, threads },
    resume: start.state,
    bestTensors: start.best,
    emit: context.emit,
    cancelled: context.cancelled,
    ended: context.ended,
    now: seconds,
  })

  const { state } = outcome
  const chosen = outcome.status === 'cancelled' ? null : chooseWeights(settings.select, outcome)
  const evaluated = chosen ? await evaluateSides(engine, chosen.kind === 'best' ? outcome.best : null, sides, job, context) : null
  const result: TrainingResult = {
    status: outcome.status,
    epochs: state.history.length,
    steps: state.step,
    parameters: engine.parameters,
    device,
    deviceReason,
    threads,
    clips: countSides(sides),
    skipped,
    secondsPerEpoch: median(state.history.map((h) => h.seconds)),
    stepShare: median(state.history.flatMap((h) => h.stepShare ?? [])),
    preparationSeconds,
    resumedFrom: start.state?.step ?? null,
    chosen,
    history: state.history,
    evaluation: { validation: evaluated?.validation?.classification ?? null, test: evaluated?.test?.classification ?? null },
    calibration: evaluated ? calibrate(labels.length, scored(evaluated.validation), scored(evaluated.test)) : null,
    hashes: {
      job: hash,
      data,
      frontEnd: frontEndHash(frontEnd),
      architecture: hashJson(architecture),
      augment: hashJson(settings.augment),
    },
  }
  if (evaluated) await writeResults(files, result, evaluated)
  return result
}

/** Two processes that trained one run would overwrite each other's checkpoints. */
function lockRun(folder: string, path: string): Disposable {
  try {
    mkdirSync(folder, { recursive: true })
    const lock = takeLock(path)
    if (lock) return lock
  } catch (cause) {
    throw toAppError(cause, 'locking the run', path)
  }
  throw new AppError('RUN_BUSY', `The run ${basename(folder)} is being trained by another process`, { file: path, hint: 'Wait until it ends, or stop it there.' })
}

type Sides = Record<'train' | 'validation' | 'test', readonly PreparedClip[]>

const splitSides = (clips: readonly PreparedClip[]): Sides => ({
  train: clips.filter((c) => c.clip.split === 'train'),
  validation: clips.filter((c) => c.clip.split === 'validation'),
  test: clips.filter((c) => c.clip.split === 'test'),
})

const countSides = (sides: Sides) => ({ train: sides.train.length, validation: sides.validation.length, test: sides.test.length })

/** What happened until an error is worth reading: the metrics are written whatever comes. */
async function loop(options: LoopOptions): Promise<LoopOutcome> {
  try {
    return await runLoop(options)
  } finally {
    await options.log.flush()
  }
}

/** The loss with the weights that balance asks for; such that were set by hand stay. */
function balancedLoss({ loss, balance }: TrainingJob['settings'], labels: Int32Array, classes: number): LossSpec {
  if (balance !== 'weights' || loss.type !== 'crossEntropy' || loss.classWeights) return loss
  return { ...loss, classWeights: balancedClassWeights(labels, classes) }
}

function chooseWeights(select: 'best' | 'last', { state, best }: LoopOutcome): NonNullable<TrainingResult['chosen']> {
  return select === 'best' && state.best && best
    ? { file: bestPath('checkpoints'), kind: 'best', epoch: state.best.epoch }
    : { file: checkpointPath('checkpoints', state.step), kind: 'last', epoch: state.history.length }
}

interface EvaluatedSides {
  readonly validation: Evaluated | null
  readonly test: Evaluated | null
}

async function evaluateSides(engine: TrainingEngine, best: LoopOutcome['best'], sides: Sides, job: TrainingJob, context: TaskContext): Promise<EvaluatedSides> {
  if (best) await engine.loadState(best)
  const evaluate = async (split: 'validation' | 'test'): Promise<Evaluated | null> => {
    const clips = sides[split]
    if (clips.length === 0) return null
    context.emit({ type: 'evaluating', split, clips: clips.length })
    return evaluateClips(engine, clips, job.labels, job.settings.seed)
  }
  return { validation: await evaluate('validation'), test: job.test ? await evaluate('test') : null }
}

const scored = (evaluated: Evaluated | null): ScoredClips | null =>
  evaluated && { truth: evaluated.predictions.map((p) => p.label), probabilities: Float32Array.from(evaluated.predictions.flatMap((p) => p.probabilities)) }

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}

async function writeResults(files: ReturnType<typeof runFiles>, result: TrainingResult, evaluated: EvaluatedSides): Promise<void> {
  const predictions = [evaluated.validation, evaluated.test].flatMap((e) => e?.predictions ?? [])
  try {
    await writeFileAtomic(files.predictions, predictions.map((p) => `${JSON.stringify(p)}\n`).join(''))
    await writeFileAtomic(files.result, `${JSON.stringify(result, null, 2)}\n`)
  } catch (cause) {
    throw toAppError(cause, 'writing the results', files.result)
  }
}

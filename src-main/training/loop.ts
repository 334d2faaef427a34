/**
 * The training loop. Its place is one number, the count of steps done; batches, augmentation, dropout and
 * learning rate follow from it and the seed, so going on from a checkpoint is the same as never having stopped.
 */
import { AppError, failPoint, unwrap } from '../kit/index.ts'
import type { Batch } from './batch-maker.ts'
import type { BatchOrder } from './batch-order.ts'
import { betterEpoch, shouldStop, type BestMetric } from './best-epoch.ts'
import type { CheckpointState, EpochRecord, StateTensor } from './checkpoint/checkpoint.ts'
import { saveBest, saveCheckpoint } from './checkpoint/store.ts'
import type { TrainingEngine } from './engine.ts'
import type { TrainingEvent } from './events.ts'
import { layerNorms } from './layer-norms.ts'
import type { MetricsLog } from './metrics-log.ts'
import { countCorrect, scoreLogits, worstRows } from './scoring.ts'

export interface LoopOptions {
  readonly engine: TrainingEngine
  readonly order: Pick<BatchOrder, 'batch' | 'stepsPerEpoch'>
  /** The batch of a step; its buffers may be used again by the next call. */
  readonly makeBatch: (step: number) => Promise<Batch>
  readonly classes: number
  readonly seed: number
  readonly validation: { readonly ids: readonly number[]; readonly clips: readonly Float32Array[]; readonly labels: ArrayLike<number> } | null
  readonly epochs: number
  readonly learningRate: (step: number, totalSteps: number) => number
  readonly bestMetric: BestMetric
  /** Epochs without a better one after which training stops; null never. */
  readonly patience: number | null
  readonly checkpoints: {
    readonly folder: string
    /** Seconds between checkpoints; what a crash costs at most. */
    readonly everySeconds: number
  }
  readonly log: MetricsLog
  /** Steps that one line of the metrics covers. */
  readonly logEvery: number
  /** What checkpoints say beside the loop's own place. */
  readonly identity: Pick<CheckpointState, 'jobHash' | 'normalisation' | 'device' | 'threads'>
  /** Where to go on from. */
  readonly resume: CheckpointState | null
  readonly bestTensors: readonly StateTensor[] | null
  readonly emit: (event: TrainingEvent) => void
  readonly cancelled: () => boolean
  /** The person has seen enough: the weights so far are the result. */
  readonly ended: () => boolean
  /** Seconds, from any start. */
  readonly now: () => number
}

export interface LoopOutcome {
  readonly status: 'finished' | 'stopped-early' | 'ended' | 'cancelled'
  readonly state: CheckpointState
  /** Weights and buffers of the best epoch. */
  readonly best: readonly StateTensor[] | null
}

const PROGRESS_SECONDS = 0.25
/** The metrics on disk are what live curves are drawn from. */
const LOG_SECONDS = 0.5
const WORST_CLIPS = 12

export async function runLoop(options: LoopOptions): Promise<LoopOutcome> {
  const { engine, makeBatch, classes, epochs, log, emit, now } = options
  const { batch, stepsPerEpoch } = options.order
  const totalSteps = epochs * stepsPerEpoch
  const state = startingState(options, stepsPerEpoch)
  let best = options.bestTensors
  let bestWaits = false
  let savedAt = now()
  let savedStep = options.resume?.step
  let shownAt = -Infinity
  let loggedAt = now()
  let lastTime = now()
  const speed = { steps: 0, seconds: 0 }
  /** Of the finished epochs. */
  let pastSeconds = state.history.reduce((sum, h) => sum + h.seconds, 0)

  const flushLog = async (): Promise<void> => {
    await log.flush()
    loggedAt = now()
    emit({ type: 'logged', step: state.step })
  }

  const checkpoint = async (): Promise<void> => {
    if (savedStep === state.step) return
    if (bestWaits && best) unwrap(await saveBest(options.checkpoints.folder, { state, tensors: best }))
    bestWaits = false
    await flushLog()
    const path = unwrap(await saveCheckpoint(options.checkpoints.folder, { state, tensors: await engine.readState() }))
    savedAt = now()
    savedStep = state.step
    emit({ type: 'checkpoint', step: state.step, path })
  }

  const validate = async (epoch: number): Promise<EpochRecord['validation']> => {
    if (!options.validation) return null
    const { ids, clips, labels } = options.validation
    const logits = await engine.predict(clips)
    const worst = worstRows(logits, labels, classes, WORST_CLIPS)
    emit({ type: 'worst', epoch, clips: worst.map(({ row, predicted, loss }) => ({ id: ids[row]!, label: labels[row]!, predicted, loss })) })
    return scoreLogits(logits, labels, classes)
  }

  const endEpoch = async (learningRate: number): Promise<void> => {
    const { partial } = state
    const epoch = state.step / stepsPerEpoch
    const stepShare = partial.stepSeconds / partial.seconds
    const validation = await validate(epoch)
    const time = now()
    partial.seconds += time - lastTime
    lastTime = time
    const record: EpochRecord = {
      epoch,
      step: state.step,
      loss: partial.loss / partial.clips,
      accuracy: partial.correct / partial.clips,
      validation,
      learningRate,
      seconds: partial.seconds,
      stepShare,
    }
    state.history.push(record)
    pastSeconds += record.seconds
    state.partial = { ...emptySums(), seconds: 0, stepSeconds: 0 }
    const better = betterEpoch(state.best, record, options.bestMetric)
    if (better) {
      state.best = better
      best = (await engine.readState()).filter((t) => t.role !== 'optimizer')
      bestWaits = true
    }
    log.add({ type: 'epoch', ...record })
    emit({ type: 'epoch', ...record })
  }

  let status: LoopOutcome['status'] = 'finished'
  while (state.step < totalSteps) {
    if (options.cancelled()) {
      status = 'cancelled'
      break
    }
    if (options.ended()) {
      status = 'ended'
      break
    }
    const { step } = state
    if (step % stepsPerEpoch === 0 && shouldStop(state.best, step / stepsPerEpoch, options.patience)) {
      status = 'stopped-early'
      break
    }
    const learningRate = options.learningRate(step, totalSteps)
    const { x, target, labels } = await makeBatch(step)
    failPoint('training.step')
    const stepBegan = now()
    const outcome = await engine.step({ x, target, learningRate, step })
    state.partial.stepSeconds += now() - stepBegan
    if (!Number.isFinite(outcome.loss) || !Number.isFinite(outcome.gradientNorm)) throw diverged(outcome.loss, step, stepsPerEpoch, learningRate)
    const correct = countCorrect(outcome.logits, labels, classes)
    const time = now()
    const seconds = time - lastTime
    lastTime = time
    state.step = step + 1
    addTo(state.partial, outcome.loss * batch, correct, batch)
    state.partial.seconds += seconds
    speed.steps++
    speed.seconds += seconds
    addTo(state.window, outcome.loss * batch, correct, batch)
    const epoch = Math.floor(step / stepsPerEpoch) + 1
    if (state.step % options.logEvery === 0 || state.step % stepsPerEpoch === 0) {
      log.add({
        type: 'step',
        step: state.step,
        epoch,
        loss: state.window.loss / state.window.clips,
        accuracy: state.window.correct / state.window.clips,
        learningRate,
        gradientNorm: outcome.gradientNorm,
        gradientNorms: layerNorms(engine.parameterNames, outcome.gradientNorms),
        seconds: pastSeconds + state.partial.seconds,
      })
      state.window = emptySums()
    }
    if (time - shownAt >= PROGRESS_SECONDS) {
      shownAt = time
      emit({
        type: 'progress',
        epoch,
        step: state.step,
        steps: totalSteps,
        loss: state.partial.loss / state.partial.clips,
        accuracy: state.partial.correct / state.partial.clips,
        samplesPerSecond: (speed.steps * batch) / speed.seconds,
        secondsLeft: ((totalSteps - state.step) * speed.seconds) / speed.steps,
      })
    }
    if (state.step % stepsPerEpoch === 0) await endEpoch(learningRate)
    if (now() - loggedAt >= LOG_SECONDS) await flushLog()
    if (now() - savedAt >= options.checkpoints.everySeconds) await checkpoint()
    await turn()
  }
  await checkpoint()
  return { status, state, best }
}

function startingState({ resume, identity, seed }: LoopOptions, stepsPerEpoch: number): CheckpointState {
  if (resume) return { ...resume, ...identity, partial: { ...resume.partial }, window: { ...resume.window }, history: [...resume.history] }
  return {
    ...identity,
    seed,
    step: 0,
    stepsPerEpoch,
    partial: { ...emptySums(), seconds: 0, stepSeconds: 0 },
    window: emptySums(),
    best: null,
    history: [],
  }
}

const emptySums = () => ({ loss: 0, correct: 0, clips: 0 })

function addTo(sums: { loss: number; correct: number; clips: number }, loss: number, correct: number, clips: number): void {
  sums.loss += loss
  sums.correct += correct
  sums.clips += clips
}

/** Lets messages in: a step holds the event loop, and a cancellation must be heard between two of them. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function diverged(loss: number, step: number, stepsPerEpoch: number, learningRate: number): AppError {
  const epoch = Math.floor(step / stepsPerEpoch) + 1
  const what = Number.isFinite(loss) ? 'gradient' : 'loss'
  return new AppError('TRAINING_DIVERGED', `The ${what} is no longer a finite number at step ${step + 1} (epoch ${epoch}), at a learning rate of ${learningRate.toPrecision(3)}`, {
    hint: 'Train again with a learning rate ten times smaller, with warm-up or with gradient clipping.',
  })
}

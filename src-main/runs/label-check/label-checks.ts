/**
 * Likely label errors of a dataset: networks are trained on all folds but one and asked about that one, so that every clip is
 * judged by a network that never heard it; confident learning then says which labels they doubt. What is done survives a
 * stop and a crash: a finished fold is not trained again, an unfinished one goes on from its checkpoint.
 */
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { findRecording, type Library } from '../../catalog/index.ts'
import { createAnnouncer, err, fail, ok, toAppError, type AppError, type Result } from '../../kit/index.ts'
import {
  DEFAULT_CHECKPOINT_SECONDS, DEFAULT_LOG_EVERY, labelIssues, mostProbable, runFiles, startTraining, type Prediction, type StartOptions, type TrainingClip,
} from '../../training/index.ts'
import { datasetById } from '../plan/plan.ts'
import { findTrainingRun } from '../record.ts'
import { selectLabelled } from '../select-clips.ts'
import { dealFolds, groupsSuffice } from './folds.ts'
import { foldFolder, readOutcome, readPlan, removeCheck, writeOutcome, writePlan, type CheckGroup, type CheckOutcome, type CheckPlan } from './files.ts'

export interface CheckRequest {
  /** Its settings train the folds, its dataset is checked. */
  readonly run: string
  readonly folds: number
  readonly by: CheckGroup
}

export interface CheckState {
  readonly revision: number
  /** Null: nothing is under way. `waiting`: a training of the queue comes first. */
  readonly current: {
    readonly dataset: number
    readonly phase: 'waiting' | 'preparing' | 'training' | 'stopping'
    readonly fold: number
    readonly folds: number
    /** Of the whole check, 0 to 1. */
    readonly part: number
  } | null
  /** Why the last one ended early, unless it was stopped. */
  readonly problem: { readonly dataset: number; readonly error: AppError } | null
}

export interface LabelCheck {
  readonly plan: CheckPlan
  /** Null where it was interrupted. */
  readonly outcome: CheckOutcome | null
}

export interface LabelChecks extends AsyncDisposable {
  readonly state: CheckState
  watch(signal?: AbortSignal): AsyncGenerator<CheckState, void, void>
  /** One at a time. */
  begin(request: CheckRequest): Promise<Result<void>>
  /** Goes on with one that was stopped or interrupted. */
  resume(dataset: number): Promise<Result<void>>
  /** What is done stays. */
  stop(): void
  /** Throws a check away. */
  remove(dataset: number): Promise<Result<void>>
  read(dataset: number): Promise<LabelCheck | null>
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

export interface LabelChecksOptions {
  /** Resolves when no training is under way: one at a time uses the machine. */
  readonly untilFree?: (signal: AbortSignal) => Promise<void>
  readonly onBug: (cause: unknown) => void
  readonly start?: Pick<StartOptions, 'entry' | 'startChild'>
}

export function createLabelChecks(library: Library, { untilFree, onBug, start = {} }: LabelChecksOptions): LabelChecks {
  let state: CheckState = { revision: 0, current: null, problem: null }
  let stopping = new AbortController()
  let work: Promise<void> | null = null
  const announcer = createAnnouncer()
  const change = (next: Partial<CheckState>): void => {
    state = { ...state, ...next, revision: state.revision + 1 }
    announcer.announce()
  }
  const say = (next: Partial<NonNullable<CheckState['current']>>): void => {
    if (state.current) change({ current: { ...state.current, ...next } })
  }

  function run(plan: CheckPlan): void {
    stopping = new AbortController()
    const { signal } = stopping
    change({ current: { dataset: plan.dataset, phase: 'preparing', fold: 0, folds: plan.folds, part: 0 }, problem: null })
    work = perform(plan, signal)
      .then((result) => {
        if (!result.ok && result.error.code !== 'CANCELLED') change({ problem: { dataset: plan.dataset, error: result.error } })
      })
      .catch(onBug)
      .finally(() => {
        work = null
        change({ current: null })
      })
  }

  async function perform(plan: CheckPlan, signal: AbortSignal): Promise<Result<void>> {
    const clips = locate(library, plan)
    if (!clips.ok) return clips
    for (let fold = 0; fold < plan.folds; fold++) {
      const done = fold / plan.folds
      say({ fold, part: done, phase: 'preparing' })
      const folder = foldFolder(library, plan.dataset, fold)
      if (existsSync(runFiles(folder).result)) continue
      if (untilFree) {
        say({ phase: 'waiting' })
        await untilFree(signal)
      }
      if (signal.aborted) return fail('CANCELLED', 'The check was stopped')
      const trained = await startTraining(
        {
          version: 1, labels: plan.labels, settings: { ...plan.settings, select: 'last', patience: null },
          clips: clips.value.map((clip, i) => ({ ...clip, split: plan.clips[i]!.fold === fold ? ('test' as const) : ('train' as const) })),
          device: plan.device, threads: plan.threads, folders: { run: folder, features: library.folder.features },
          resume: existsSync(runFiles(folder).checkpoints), earlierEpochs: [], test: true, checkpointSeconds: DEFAULT_CHECKPOINT_SECONDS, logEvery: DEFAULT_LOG_EVERY,
        },
        {
          ...start, signal,
          onEvent(event) {
            if (state.current?.phase === 'stopping') return
            if (event.type === 'preparing') say({ phase: 'preparing' })
            else if (event.type === 'progress') say({ phase: 'training', part: done + event.step / event.steps / plan.folds })
          },
        },
      )
      if (!trained.ok) return trained
      if (trained.value.status === 'cancelled') return fail('CANCELLED', 'The check was stopped')
    }
    const outcome = await judge(library, plan)
    return outcome.ok ? writeOutcome(library, plan, outcome.value) : outcome
  }

  const busy = () => fail('RUN_BUSY', 'The labels of a dataset are being checked already', { hint: 'Wait until it ends, or stop it.' })
  return {
    get state() {
      return state
    },
    async *watch(signal) {
      let seen = -1
      for (;;) {
        if (signal?.aborted === true) return
        if (seen === state.revision) await announcer.next(signal)
        else {
          seen = state.revision
          yield state
        }
      }
    },
    async begin(request) {
      if (work) return busy()
      const plan = planCheck(library, request)
      if (!plan.ok) return plan
      const written = await writePlan(library, plan.value)
      if (!written.ok) return written
      if (work) return busy()
      run(plan.value)
      return ok(undefined)
    },
    async resume(dataset) {
      if (work) return busy()
      const plan = await readPlan(library, dataset)
      if (!plan) return fail('NOT_FOUND', 'There is no check to go on with', { hint: 'Begin a new one.' })
      if (work) return busy()
      run(plan)
      return ok(undefined)
    },
    stop() {
      say({ phase: 'stopping' })
      stopping.abort()
    },
    async remove(dataset) {
      if (state.current?.dataset === dataset) return busy()
      return removeCheck(library, dataset)
    },
    async read(dataset) {
      const plan = await readPlan(library, dataset)
      return plan && { plan, outcome: await readOutcome(library, dataset) }
    },
    settled: async () => void (await work),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      announcer.announce()
      await work
    },
  }
}

/** Every labelled clip that was not rejected, on whichever side of the split, dealt to folds. */
function planCheck(library: Library, { run, folds, by }: CheckRequest): Result<CheckPlan> {
  const found = findTrainingRun(library, run)
  if (!found.ok) return found
  const { config, record } = found.value
  const dataset = datasetById(library, config.dataset.id)
  if (!dataset.ok) return dataset
  const selected = selectLabelled(library, dataset.value)
  if (!selected.ok) return selected
  const { clips, labels } = selected.value
  const grouped = clips.map((c) => ({ label: c.label!, group: groupOf(c, by) }))
  if (labels.length < 2) return fail('INVALID', `The dataset "${dataset.value}" has clips of fewer than two labels`, { hint: 'Label some clips of another label first.' })
  if (!groupsSuffice(grouped, folds)) {
    return fail('INVALID', `There are fewer than ${folds} ${by === 'speaker' ? 'speakers' : 'recordings'} to deal to ${folds} folds`, { hint: by === 'speaker' ? 'Group by recording, or take fewer folds.' : 'Take fewer folds.' })
  }
  const dealt = dealFolds(grouped, folds, config.settings.seed)
  const indices = new Map(labels.map((label, i) => [label, i]))
  return ok({
    version: 1, dataset: config.dataset.id, run: record.id, startedAt: new Date().toISOString(), by, folds, labels: [...labels],
    settings: config.settings, device: config.device, threads: config.threads,
    clips: clips.map((c, i) => ({
      id: c.id, contentKey: c.recordingId, startSample: c.startSample, endSample: c.endSample, sampleRate: c.sampleRate, label: indices.get(c.label!)!,
      ...(c.edits.length === 0 ? {} : { edits: [...c.edits] }), fold: dealt[i]!, reviewed: c.review === 'accepted',
    })),
  })
}

/** Copies that sound alike are never on both sides. */
function groupOf(clip: { readonly speaker: string | null; readonly recordingId: string; readonly nearGroup: number | null }, by: CheckGroup): string {
  if (by === 'speaker' && clip.speaker !== null) return `speaker ${clip.speaker}`
  return clip.nearGroup === null ? `recording ${clip.recordingId}` : `alike ${clip.nearGroup}`
}

function locate(library: Library, plan: CheckPlan): Result<TrainingClip[]> {
  const paths = new Map<string, string>()
  for (const { contentKey } of plan.clips) {
    if (paths.has(contentKey)) continue
    const recording = findRecording(library.catalog, contentKey)
    if (!recording) return fail('NOT_FOUND', `A recording of the check is no longer in the library: ${contentKey}`, { hint: 'Begin a new check.' })
    paths.set(contentKey, library.mediaPath(recording))
  }
  return ok(plan.clips.map(({ fold: _fold, reviewed: _reviewed, ...clip }) => ({ ...clip, path: paths.get(clip.contentKey)!, split: 'train' as const })))
}

async function judge(library: Library, plan: CheckPlan): Promise<Result<CheckOutcome>> {
  const predictions: Prediction[] = []
  for (let fold = 0; fold < plan.folds; fold++) {
    const path = runFiles(foldFolder(library, plan.dataset, fold)).predictions
    try {
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
        if (line !== '') predictions.push(JSON.parse(line) as Prediction)
      }
    } catch (cause) {
      return err(toAppError(cause, 'reading the predictions of a fold', path))
    }
  }
  const classes = plan.labels.length
  const labels = predictions.map((p) => p.label)
  const probabilities = new Float32Array(predictions.length * classes)
  predictions.forEach((p, i) => probabilities.set(p.probabilities, i * classes))
  const predicted = mostProbable(probabilities, classes)
  return ok({
    finishedAt: new Date().toISOString(),
    id: predictions.map((p) => p.id),
    agreement: labels.filter((label, i) => label === predicted[i]).length / Math.max(1, labels.length),
    issues: labelIssues(labels, probabilities, classes).map(({ place, given, suggested, selfConfidence, margin }) => ({
      clip: predictions[place]!.id, given, suggested, selfConfidence, probability: probabilities[place * classes + suggested]!, margin,
    })),
    skipped: plan.clips.length - predictions.length,
  })
}

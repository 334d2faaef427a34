/** What a training that is under way looks like now, made of its events. */
import type { TrainingEvent, WorstClip } from '../training/index.ts'

type EventOf<Type extends TrainingEvent['type']> = Extract<TrainingEvent, { type: Type }>
type Told<Type extends TrainingEvent['type']> = Omit<EventOf<Type>, 'type'>

export interface LiveRun {
  readonly run: string
  /** `stopping`: the person stopped it, and the step that is under way is being finished. */
  readonly phase: 'preparing' | 'training' | 'evaluating' | 'stopping'
  readonly preparing: Told<'preparing'> | null
  readonly started: Told<'started'> | null
  readonly progress: Told<'progress'> | null
  /** The newest finished epoch. */
  readonly epoch: Told<'epoch'> | null
  readonly worst: { readonly epoch: number; readonly clips: readonly WorstClip[] } | null
  /** The step that the metrics on disk reach. */
  readonly logged: number
  readonly warnings: readonly string[]
}

export const startLive = (run: string): LiveRun => ({
  run, phase: 'preparing', preparing: null, started: null, progress: null, epoch: null, worst: null, logged: 0, warnings: [],
})

/** Warnings that are told; thousands of unreadable clips are counted in the result. */
const MOST_WARNINGS = 20

const training = (live: LiveRun): LiveRun['phase'] => (live.phase === 'stopping' ? 'stopping' : 'training')

/** How each event changes the picture; the others change nothing. */
const changes: { readonly [Type in TrainingEvent['type']]: (live: LiveRun, event: EventOf<Type>) => Partial<LiveRun> } = {
  preparing: (_, { type: _type, ...preparing }) => ({ preparing }),
  started: (live, { type: _type, ...started }) => ({ started, phase: training(live) }),
  progress: (live, { type: _type, ...progress }) => ({ progress, phase: training(live) }),
  epoch: (_, { type: _type, ...epoch }) => ({ epoch }),
  worst: (_, { epoch, clips }) => ({ worst: { epoch, clips } }),
  logged: (_, { step }) => ({ logged: step }),
  evaluating: () => ({ phase: 'evaluating' }),
  checkpoint: () => ({}),
  choice: () => ({}),
  warning: ({ warnings }, { message }) => ({ warnings: [...warnings, message].slice(-MOST_WARNINGS) }),
}

export function applyEvent(live: LiveRun, event: TrainingEvent): LiveRun {
  const change = changes[event.type] as (live: LiveRun, event: TrainingEvent) => Partial<LiveRun>
  return { ...live, ...change(live, event) }
}

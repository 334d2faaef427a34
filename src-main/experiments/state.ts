/** How far an experiment is and what came out: the part of its record that changes. In the group's summary, as JSON. */
import { z } from 'zod'
import { getRunGroup, setGroupSummary, type Library, type RunGroup } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { designSchema, type Design } from './design.ts'

const measures = z.strictObject({ accuracy: z.number(), macroF1: z.number(), loss: z.number().nullable() })
/** What one training came to on the validation clips. */
const score = z.strictObject({ epochs: z.int(), chosenEpoch: z.int().nullable(), validation: measures.nullable(), secondsPerEpoch: z.number().nullable(), parameters: z.int().nullable() })
export type Score = z.output<typeof score>

/** One giving of the test clips to a run. `attempts` above one: a crash came between the evaluation and this record. */
const test = z.strictObject({
  trial: z.int(),
  begun: z.string(),
  attempts: z.int(),
  finished: z.string().nullable(),
  clips: z.int().nullable(),
  accuracy: z.number().nullable(),
  macroF1: z.number().nullable(),
  error: z.string().nullable(),
})
export type TestRecord = z.output<typeof test>

const stateSchema = z.strictObject({
  version: z.literal(1),
  status: z.enum(['running', 'testing', 'finished', 'cancelled']),
  /** Names the clips with their labels and sides; equal for all runs. */
  splitHash: z.string().nullable(),
  /** By trial; null until it was made. */
  runs: z.array(z.string().nullable()),
  /** Rungs of successive halving that are over: scores by trial, and the trials that go on. */
  rungs: z.array(z.strictObject({ epochs: z.int(), scores: z.array(score.nullable()), survivors: z.array(z.int()) })),
  /** By trial, once all trainings are over; null for those that failed. What happens to the runs later changes nothing here. */
  results: z.array(score.nullable()).nullable(),
  /** Chosen by validation alone, before any test. */
  chosen: z.strictObject({ condition: z.int(), trial: z.int() }).nullable(),
  tests: z.array(test),
  finishedAt: z.string().nullable(),
  binnedAt: z.string().nullable(),
})
export type ExperimentState = z.output<typeof stateSchema>

export const startState = (trials: number): ExperimentState => ({
  version: 1, status: 'running', splitHash: null, runs: Array.from({ length: trials }, () => null), rungs: [], results: null, chosen: null, tests: [], finishedAt: null, binnedAt: null,
})

export interface ExperimentRecord {
  readonly group: RunGroup
  readonly design: Design
  readonly state: ExperimentState
}

export function readExperiment(library: Library, id: string): Result<ExperimentRecord> {
  const group = getRunGroup(library, id)
  return group.ok ? experimentOf(group.value) : group
}

/** Fails where the record is of a newer program. */
export function experimentOf(group: RunGroup): Result<ExperimentRecord> {
  const design = designSchema.safeParse(group.config)
  const state = stateSchema.safeParse(group.summary)
  const problem = design.error ?? state.error
  if (problem || !design.success || !state.success) return fail('INVALID', `The record of “${group.name}” cannot be read: ${problem?.issues[0]?.message ?? ''}`)
  return ok({ group, design: design.data, state: state.data })
}

/** Changes the given parts of what is written now. */
export function changeState(library: Library, id: string, change: Partial<ExperimentState>): Result<ExperimentRecord> {
  const now = readExperiment(library, id)
  if (!now.ok) return now
  const set = setGroupSummary(library, id, { ...now.value.state, ...change })
  return set.ok ? experimentOf(set.value) : set
}

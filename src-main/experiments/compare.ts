/** Whether conditions differ by more than chance: each against a reference, on the same clips. */
import { getRun, type Library } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { readPredictions, runConfigOf } from '../runs/index.ts'
import { conditionsOf } from './conditions.ts'
import type { ExperimentRecord } from './state.ts'
import { holm } from './statistics/holm.ts'
import { mcNemar } from './statistics/mcnemar.ts'
import { pairedBootstrap } from './statistics/paired-bootstrap.ts'

export interface Difference {
  readonly condition: number
  /** Seeds that both have. */
  readonly seeds: number
  readonly clips: number
  /** Mean accuracy of the condition less that of the reference. */
  readonly difference: number
  readonly low: number | null
  readonly high: number | null
  readonly test: 'mcnemar' | 'bootstrap'
  readonly p: number
  /** After Holm's correction for all the comparisons of the answer. */
  readonly adjusted: number
}

/** By seed: whether each clip was right, by clip. */
type Right = ReadonlyMap<number, ReadonlyMap<number, boolean>>

export async function compareConditions(library: Library, record: ExperimentRecord, reference: number, split: 'validation' | 'test'): Promise<Result<Difference[]>> {
  const conditions = conditionsOf(record.design)
  if (!conditions[reference]) return fail('NOT_FOUND', 'There is no such condition in this experiment')
  const base = await rightOf(library, record, conditions[reference].trials, split)
  if (!base.ok) return base
  const found: Omit<Difference, 'adjusted'>[] = []
  for (const [condition, { trials }] of conditions.entries()) {
    if (condition === reference) continue
    const own = await rightOf(library, record, trials, split)
    if (!own.ok) return own
    const difference = await differenceOf(own.value, base.value)
    if (difference) found.push({ condition, ...difference })
  }
  const adjusted = holm(found.map((d) => d.p))
  return ok(found.map((d, i) => ({ ...d, adjusted: adjusted[i]! })))
}

async function rightOf(library: Library, { design, state }: ExperimentRecord, trials: readonly number[], split: 'validation' | 'test'): Promise<Result<Right>> {
  const seeds = new Map<number, ReadonlyMap<number, boolean>>()
  for (const trial of trials) {
    const result = state.results?.[trial]
    const id = state.runs[trial]
    if (!result || id == null) continue
    if (split === 'test' && !state.tests.some((t) => t.trial === trial && t.accuracy !== null)) continue
    const run = getRun(library, id)
    if (!run.ok) return run
    if ((run.value.summary['epochs'] ?? 0) !== result.epochs || runConfigOf(run.value) === null)
      return fail('INVALID', `The run “${run.value.name}” was trained further after the experiment, so its answers are no longer those that were compared`)
    const predictions = await readPredictions(library, id, split)
    if (!predictions.ok) return predictions
    const { id: clips, label, predicted } = predictions.value
    seeds.set(design.trials[trial]!.seed, new Map(clips.map((clip, i) => [clip, label[i] === predicted[i]])))
  }
  return ok(seeds)
}

/** On the clips that all runs of both were given. One seed: McNemar's exact test; several: the paired bootstrap. */
async function differenceOf(own: Right, base: Right): Promise<Omit<Difference, 'condition' | 'adjusted'> | null> {
  const seeds = [...own.keys()].filter((seed) => base.has(seed))
  if (seeds.length === 0) return null
  const all = seeds.flatMap((seed) => [own.get(seed)!, base.get(seed)!])
  const clips = [...all[0]!.keys()].filter((clip) => all.every((answers) => answers.has(clip)))
  if (clips.length === 0) return null
  const share = (right: Right, clip: number) => seeds.filter((seed) => right.get(seed)!.get(clip)).length / seeds.length
  const differences = clips.map((clip) => share(own, clip) - share(base, clip))
  const { difference, low, high, p } = await pairedBootstrap(differences)
  if (seeds.length > 1) return { seeds: seeds.length, clips: clips.length, difference, low, high, test: 'bootstrap', p }
  const exact = mcNemar(clips.map((clip) => share(own, clip) === 1), clips.map((clip) => share(base, clip) === 1))
  return { seeds: 1, clips: clips.length, difference, low, high, test: 'mcnemar', p: exact.p }
}

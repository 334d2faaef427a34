/** Curves of an experiment by epoch: for each condition the mean over its seeds, and between what they lie. */
import { getRun, type Library } from '../catalog/index.ts'
import type { MetricsReader } from '../runs/index.ts'
import { runFiles } from '../training/index.ts'
import { conditionsOf } from './conditions.ts'
import type { ExperimentRecord } from './state.ts'

export interface ConditionCurve {
  readonly condition: number
  readonly epoch: readonly number[]
  readonly mean: readonly number[]
  /** The lowest and the highest of the runs that reached the epoch. */
  readonly low: readonly number[]
  readonly high: readonly number[]
}

/** `metrics` remembers what it has read, so that curves that grow can be asked for after every epoch. */
export async function conditionCurves(library: Library, metrics: MetricsReader, { design, state }: ExperimentRecord, measure: 'accuracy' | 'loss'): Promise<ConditionCurve[]> {
  const curves: ConditionCurve[] = []
  for (const [condition, { trials }] of conditionsOf(design).entries()) {
    const values = new Map<number, number[]>()
    for (const trial of trials) {
      const run = state.runs[trial] == null ? null : getRun(library, state.runs[trial])
      if (!run?.ok) continue
      // Validation follows every epoch, so that the place of a value is its epoch.
      const curve = (await metrics.readAll(runFiles(run.value.folder).metrics)).get(`validation.${measure}`)
      curve?.y.forEach((value, i) => values.set(i + 1, [...(values.get(i + 1) ?? []), value]))
    }
    const epoch = [...values.keys()].sort((a, b) => a - b)
    if (epoch.length === 0) continue
    const column = (of: (v: readonly number[]) => number) => epoch.map((e) => of(values.get(e)!))
    curves.push({ condition, epoch, mean: column((v) => v.reduce((a, b) => a + b, 0) / v.length), low: column((v) => Math.min(...v)), high: column((v) => Math.max(...v)) })
  }
  return curves
}

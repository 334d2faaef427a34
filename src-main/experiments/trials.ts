/** The trials of a method: which values along the axes, with which seed. Pure; a seed gives the same trials again. */
import { createRandom, fail, ok, type Random, type Result } from '../kit/index.ts'
import { isRange, MOST_TRIALS, type Axis, type ExperimentRequest, type RangeAxis, type Trial } from './design.ts'

const WHOLE = new Set<Axis['field']>(['batch', 'epochs'])
/** Digits of drawn values: more would suggest that they matter. */
const DIGITS = 3

const settled = (axis: RangeAxis, value: number): number => (WHOLE.has(axis.field) ? Math.round(value) : Number(value.toPrecision(DIGITS)))
/** At a part of the way from the lower to the upper end. */
export const inRange = (axis: RangeAxis, part: number): number =>
  axis.logarithmic ? Math.exp(Math.log(axis.low) + part * (Math.log(axis.high) - Math.log(axis.low))) : axis.low + part * (axis.high - axis.low)
/** How far along the axis a value lies, from 0 to 1. */
export const placeIn = (axis: RangeAxis, value: number): number =>
  axis.logarithmic ? (Math.log(value) - Math.log(axis.low)) / (Math.log(axis.high) - Math.log(axis.low)) : (value - axis.low) / (axis.high - axis.low)

const gridValues = (axis: Axis): number[] => {
  if (!isRange(axis)) return axis.options.map((_, i) => i)
  return [...new Set(Array.from({ length: axis.points }, (_, i) => settled(axis, inRange(axis, i / (axis.points - 1)))))]
}
const drawnValue = (axis: Axis, random: Random): number => (isRange(axis) ? settled(axis, inRange(axis, random.next())) : random.int(axis.options.length))

/** Every combination, the last axis turning fastest. */
export const combinations = (axes: readonly Axis[]): number[][] =>
  axes.reduce<number[][]>((all, axis) => all.flatMap((values) => gridValues(axis).map((value) => [...values, value])), [[]])

const DRAWS_FOR_A_NEW_ONE = 50

export function makeTrials({ axes, method, base }: Pick<ExperimentRequest, 'axes' | 'method' | 'base'>): Result<Trial[]> {
  const fields = axes.map((axis) => axis.field)
  const twice = fields.find((field, i) => fields.indexOf(field) !== i)
  if (twice) return fail('INVALID', `The setting ${twice} is varied twice`)
  if (method.type === 'halving' && fields.includes('epochs')) return fail('INVALID', 'Successive halving decides the epochs itself', { hint: 'Take the epochs out of what is varied.' })
  const own = typeof base['seed'] === 'number' ? base['seed'] : 0
  if (method.type === 'factorial' || method.type === 'grid') {
    const seeds = method.type === 'grid' ? [own] : [...new Set(method.seeds)]
    const count = axes.reduce((n, axis) => n * gridValues(axis).length, seeds.length)
    if (count > MOST_TRIALS) return fail('INVALID', `These are ${count} trainings, more than ${MOST_TRIALS}`, { hint: 'Vary less, or search at random.' })
    return ok(combinations(axes).flatMap((values) => seeds.map((seed) => ({ values, seed }))))
  }
  const random = createRandom(`search/${method.seed}`)
  const seen = new Set<string>()
  const trials: Trial[] = []
  // A small space may have fewer different trials than were asked for.
  for (let draws = 0; trials.length < method.trials && draws < DRAWS_FOR_A_NEW_ONE * method.trials; draws++) {
    const values = axes.map((axis) => drawnValue(axis, random))
    const key = values.join()
    if (seen.has(key)) continue
    seen.add(key)
    trials.push({ values, seed: own })
  }
  return ok(trials)
}

/**
 * The learning rate of a step, as a pure function of the step's number: nothing to save, resuming is exact.
 */
import { z } from 'zod'
import { exhaustive } from '../kit/index.ts'

const rate = z.number().positive().max(100)
const fraction = z.number().min(0).max(1)
/** Steps of linear rise from 0 to the schedule's first rate; a number below 1 is a fraction of all steps. */
const warmup = z.number().min(0).exactOptional()

export const scheduleSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('constant'), rate, warmup }),
  /** The rate is multiplied by `factor` at each of the milestones, given as fractions of all steps. */
  z.strictObject({ type: z.literal('step'), rate, factor: z.number().positive().max(1), milestones: z.array(fraction).min(1), warmup }),
  /** Half a cosine from `rate` down to `finalRate` (SGDR, Loshchilov and Hutter 2017, eq. 5, one period). */
  z.strictObject({ type: z.literal('cosine'), rate, finalRate: z.number().min(0).exactOptional(), warmup }),
  /**
   * One cycle (Smith and Topin 2018): half a cosine up from rate / initialDivisor to `rate` during the first
   * `rise` of all steps, then half a cosine down to the first rate / finalDivisor.
   */
  z.strictObject({
    type: z.literal('oneCycle'),
    rate,
    rise: z.number().gt(0).lt(1).exactOptional(),
    initialDivisor: z.number().min(1).exactOptional(),
    finalDivisor: z.number().min(1).exactOptional(),
  }),
])
export type ScheduleSpec = z.infer<typeof scheduleSchema>

const cosineBetween = (from: number, to: number, progress: number) => to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2

/** The rate for step 0 … totalSteps − 1 (a later step keeps the last rate). */
export function learningRate(schedule: ScheduleSpec, step: number, totalSteps: number): number {
  const at = Math.min(step, totalSteps - 1)
  if (schedule.type === 'oneCycle') {
    const last = Math.max(1, totalSteps - 1)
    const peak = Math.min(last, Math.max(1, Math.round((schedule.rise ?? 0.3) * last)))
    const first = schedule.rate / (schedule.initialDivisor ?? 25)
    if (at <= peak) return cosineBetween(first, schedule.rate, at / peak)
    return cosineBetween(schedule.rate, first / (schedule.finalDivisor ?? 1e4), (at - peak) / Math.max(1, last - peak))
  }
  const warm = schedule.warmup ?? 0
  const warmSteps = Math.min(totalSteps, warm < 1 ? Math.round(warm * totalSteps) : Math.round(warm))
  if (at < warmSteps) return (schedule.rate * (at + 1)) / warmSteps
  switch (schedule.type) {
    case 'constant':
      return schedule.rate
    case 'step': {
      const passed = schedule.milestones.filter((m) => at >= Math.round(m * totalSteps)).length
      return schedule.rate * schedule.factor ** passed
    }
    case 'cosine': {
      const span = Math.max(1, totalSteps - 1 - warmSteps)
      return cosineBetween(schedule.rate, schedule.finalRate ?? 0, Math.min(1, (at - warmSteps) / span))
    }
    default:
      return exhaustive(schedule)
  }
}

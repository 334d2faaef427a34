import { z } from 'zod'
import { fail, ok, type Result } from '../kit/index.ts'
import { settingsOf, type WorkingPoint } from '../models/index.ts'

const schema = z.strictObject({
  /** Slide over long recordings and give detections, instead of one label a file. */
  stream: z.boolean().default(false),
  /** Seconds between the starts of two windows; rounded to whole frames of the front end where windows can share them. */
  hop: z.number().min(0.005).max(10).default(0.1),
  /** How many windows are averaged. */
  smoothing: z.int().min(1).max(1000).default(3),
  /** The smoothed probability from which on a window counts. */
  threshold: z.number().min(0).max(1).default(0.5),
  /** For single labels, instead of `smoothing` and `threshold`. */
  smoothings: z.record(z.string(), z.int().min(1).max(1000)).default({}),
  thresholds: z.record(z.string(), z.number().min(0).max(1)).default({}),
  /** Seconds for which a label must hold. */
  minimumDuration: z.number().min(0).max(60).default(0.2),
  /** Seconds within which only the most probable detection stays. */
  suppression: z.number().min(0).max(60).default(0.4),
  /** dB above the recording's background that a sound must reach to be judged; null judges everything. */
  gate: z.number().min(0).max(100).nullable().default(10),
  /** Threads of the model; one for clips, all cores for streams (a process each), unless told. */
  threads: z.int().min(1).max(256).optional(),
  /** Threads that decode files. */
  workers: z.int().min(1).max(64).optional(),
})

/** Every setting may be left out. */
export type RecogniseOptions = z.input<typeof schema>
export type CompleteOptions = z.output<typeof schema>

export const DEFAULT_OPTIONS: CompleteOptions = schema.parse({})

/** What is not said is taken from the model's working point, where it has one; thresholds and smoothing that are said hold for all labels. */
export function parseOptions(options: RecogniseOptions, point: WorkingPoint | null = null): Result<CompleteOptions> {
  const parsed = schema.safeParse(options)
  if (parsed.success) {
    if (point === null) return ok(parsed.data)
    const { thresholds, smoothings, ...all } = settingsOf(point, parsed.data.hop)
    const own = { ...(options.threshold === undefined ? { thresholds } : {}), ...(options.smoothing === undefined ? { smoothings } : {}) }
    return ok({ ...parsed.data, ...all, ...own, ...given(options) })
  }
  const issue = parsed.error.issues[0]!
  return fail('USAGE', `The recognition setting ${issue.path.map(String).join('.')} is not valid: ${issue.message}`)
}

const given = (options: RecogniseOptions) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<CompleteOptions>

import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { call } from './errors.ts'
import { Id, QualityFlag } from './values.ts'

/** What a clip's samples say, and why it has its flags, in numbers. Levels are in dBFS. */
export const ClipQuality = z.strictObject({
  /** False until the program has looked at it. */
  measured: z.boolean(),
  /** Why it could not be read. */
  problem: z.string().nullable(),
  peakDbfs: z.number().nullable(),
  rmsDbfs: z.number().nullable(),
  noiseFloorDbfs: z.number().nullable(),
  snrDb: z.number().nullable(),
  /** The measured value and where the flag begins, each in the flag's own unit. */
  reasons: z.array(z.strictObject({ flag: QualityFlag, value: z.number().nullable(), limit: z.number().nullable() })),
  /** Clips of the dataset with the same samples, or that sound alike. */
  likes: z.array(z.strictObject({ id: Id, name: z.string(), same: z.boolean() })),
})
export type ClipQuality = z.infer<typeof ClipQuality>

export const QualityProgress = z.strictObject({
  state: z.enum(['idle', 'measuring', 'comparing', 'paused']),
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
})
export type QualityProgress = z.infer<typeof QualityProgress>

export const quality = {
  clip: call.input(z.strictObject({ clip: Id })).output(ClipQuality),
  /** How far the program has looked at new clips: now, then at every change, until the caller stops it. */
  progress: call.output(eventIterator(QualityProgress)),
  pause: call.output(z.void()),
  resume: call.output(z.void()),
  /** Of each group of duplicates the best clip stays and the others go to the bin. `alike`: also re-encoded copies. */
  keepBest: call
    .input(z.strictObject({ dataset: Id, likeness: z.enum(['same', 'alike']) }))
    .output(
      z.strictObject({
        binned: z.int().nonnegative(),
        groups: z.int().nonnegative(),
        /** Groups left as they are, because their clips have different labels. */
        disputed: z.int().nonnegative(),
      }),
    ),
}

import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { call } from './errors.ts'

export const LibraryInfo = z.strictObject({
  /** The library's folder, to show; nothing is opened by it. */
  folder: z.string(),
  /** The program's version. */
  version: z.string(),
  datasets: z.int().nonnegative(),
  /** Datasets in the bin. */
  binnedDatasets: z.int().nonnegative(),
  clips: z.int().nonnegative(),
  /** Sentences that the person should read: a backup that failed, a linked file that moved. */
  warnings: z.array(z.string()),
})
export type LibraryInfo = z.infer<typeof LibraryInfo>

/** Says that rows changed; the first event comes at once, so that a window that reconnects looks again. */
export const LibraryChange = z.strictObject({
  /** Goes up by one with every change since the program started. */
  revision: z.int().nonnegative(),
})
export type LibraryChange = z.infer<typeof LibraryChange>

export const library = {
  info: call.output(LibraryInfo),
  /** Runs until the caller stops it. */
  changes: call.output(eventIterator(LibraryChange)),
}

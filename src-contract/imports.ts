import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { ERROR_CODES, call } from './errors.ts'
import { Id, Name } from './values.ts'

/**
 * A folder that a dialog showed and the person chose. The window holds this token, never a path of its own:
 * what was not chosen in a dialog cannot be read.
 */
export const PlaceToken = z.string().regex(/^[\w-]{22}$/)

export const Place = z.strictObject({ token: PlaceToken, name: z.string() })
export type Place = z.infer<typeof Place>

/** One page of the folder dialog of served mode. */
export const PlaceListing = z.strictObject({
  here: z.strictObject({
    token: PlaceToken,
    /** To show. */
    path: z.string(),
    /** Recordings directly in it and, as far as was looked, below it. */
    recordings: z.int().nonnegative(),
    /** True where more may lie below than was counted. */
    more: z.boolean(),
  }),
  parent: PlaceToken.nullable(),
  folders: z.array(Place),
  shortcuts: z.array(Place),
})
export type PlaceListing = z.infer<typeof PlaceListing>

/** Where labels come from. */
export const LabelSource = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('none') }),
  z.strictObject({ from: z.literal('folder') }),
  z.strictObject({ from: z.literal('filename'), pattern: z.string().min(1).max(200) }),
])
export type LabelSource = z.infer<typeof LabelSource>

export const ImportPreview = z.strictObject({
  found: z.int().nonnegative(),
  /** Of them, those whose place or name gives no label. */
  unlabelled: z.int().nonnegative(),
  examples: z.array(
    z.strictObject({ name: z.string(), label: z.string().nullable(), speaker: z.string().nullable(), take: z.string().nullable() }),
  ),
  /** In the order in which they were first met; the first hundred. */
  labels: z.array(z.strictObject({ name: z.string(), files: z.int().positive() })),
})
export type ImportPreview = z.infer<typeof ImportPreview>

export const ImportFailure = z.strictObject({
  file: z.string(),
  code: z.enum(ERROR_CODES),
  message: z.string(),
  hint: z.string().nullable(),
})
export type ImportFailure = z.infer<typeof ImportFailure>

/** The same sound came twice under different labels; the first one stayed. */
export const ImportConflict = z.strictObject({
  file: z.string(),
  label: z.string(),
  existingLabel: z.string().nullable(),
  existingFile: z.string().nullable(),
})

export const ImportReport = z.strictObject({
  dataset: Id,
  /** Recordings looked at. */
  files: z.int().nonnegative(),
  added: z.int().nonnegative(),
  /** Of the added clips. */
  unlabelled: z.int().nonnegative(),
  /** Clips that the dataset had already. */
  duplicates: z.int().nonnegative(),
  /** Files that are no recordings. */
  skipped: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  conflicting: z.int().nonnegative(),
  /** The first thousand of each. */
  failures: z.array(ImportFailure),
  conflicts: z.array(ImportConflict),
  seconds: z.number().nonnegative(),
})
export type ImportReport = z.infer<typeof ImportReport>

export const ImportEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('progress'),
    done: z.int().nonnegative(),
    total: z.int().nonnegative(),
    /** Files a second since the start. */
    rate: z.number().nonnegative(),
  }),
  z.strictObject({ type: z.literal('report'), report: ImportReport }),
])
export type ImportEvent = z.infer<typeof ImportEvent>

export const imports = {
  /** The folder dialog: without a token, where it starts. */
  places: call.input(z.strictObject({ place: PlaceToken.nullable() })).output(PlaceListing),
  /** A path that the person typed or dropped; the answer is the dialog standing there. */
  open: call.input(z.strictObject({ path: z.string().min(1).max(4096) })).output(PlaceListing),
  preview: call.input(z.strictObject({ place: PlaceToken, labels: LabelSource })).output(ImportPreview),
  /** Progress, then one report. Stopping the stream cancels; what is imported by then stays. */
  start: call
    .input(z.strictObject({ place: PlaceToken, dataset: Name, labels: LabelSource, link: z.boolean() }))
    .output(eventIterator(ImportEvent)),
}

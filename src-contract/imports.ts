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

export const TABLE_COLUMNS = ['file', 'label', 'speaker', 'session', 'take', 'split', 'start', 'end'] as const
export type TableColumn = (typeof TABLE_COLUMNS)[number]
const Column = z.int().min(0).max(1000)
/** Which column of a table holds what, from 0. */
export const TableColumns = z.strictObject({
  file: Column.optional(), label: Column.optional(), speaker: Column.optional(), session: Column.optional(),
  take: Column.optional(), split: Column.optional(), start: Column.optional(), end: Column.optional(),
})
export type TableColumns = z.infer<typeof TableColumns>
export const Delimiter = z.enum([',', ';', '\t', '|'])
export type Delimiter = z.infer<typeof Delimiter>
/** A table's name below the imported folder. */
const TableName = z.string().max(1000).regex(/^(?!\/)(?!.*(^|\/)\.\.\/)[^\p{Cc}\\]+\.(csv|tsv|txt)$/iu, 'the relative name of a table')

/** What a person says of a table; null: it is found out. */
export const TableOptions = z.strictObject({ delimiter: Delimiter.nullable(), header: z.boolean().nullable(), columns: TableColumns.nullable() })
export type TableOptions = z.infer<typeof TableOptions>

/** Where labels come from. */
export const LabelSource = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('none') }),
  z.strictObject({ from: z.literal('folder') }),
  z.strictObject({ from: z.literal('filename'), pattern: z.string().min(1).max(200) }),
  z.strictObject({ from: z.literal('table'), table: TableName, options: TableOptions }),
])
export type LabelSource = z.infer<typeof LabelSource>

export const ImportPreview = z.strictObject({
  found: z.int().nonnegative(),
  /** Of them, those whose place or name gives no label. */
  unlabelled: z.int().nonnegative(),
  examples: z.array(
    z.strictObject({
      name: z.string(),
      label: z.string().nullable(),
      speaker: z.string().nullable(),
      take: z.string().nullable(),
      split: z.string().nullable(),
      /** The characters [start, end) of the name that gave a field. */
      marks: z.array(z.strictObject({ field: z.enum(['label', 'speaker', 'session', 'take']), start: z.int(), end: z.int() })),
    }),
  ),
  /** In the order in which they were first met; the first hundred. */
  labels: z.array(z.strictObject({ name: z.string(), files: z.int().positive() })),
  /** Files that are left out: not audio, or not in the table. */
  skipped: z.int().nonnegative(),
  /** Rows of the table and folders that cannot be used; the first of them. */
  problems: z.int().nonnegative(),
  problemExamples: z.array(z.strictObject({ file: z.string().nullable(), message: z.string() })),
})
export type ImportPreview = z.infer<typeof ImportPreview>

/** The head of a table, as it is understood. */
export const TablePreview = z.strictObject({
  delimiter: Delimiter,
  header: z.boolean(),
  titles: z.array(z.string()),
  /** The first rows. */
  rows: z.array(z.array(z.string())),
  lines: z.int().nonnegative(),
  columns: TableColumns,
})
export type TablePreview = z.infer<typeof TablePreview>

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

/**
 * A recording of a chosen place whose import failed with `AUDIO_NEEDS_FFMPEG`, for the window's own decoder. The
 * answer's header `x-sample-rate` is the rate in Hz that the file's header gives.
 */
export const importedFileUrl = (place: string, file: string): string => `/import/${place}/${encodeURIComponent(file)}`

export const imports = {
  /** The folder dialog: without a token, where it starts. */
  places: call.input(z.strictObject({ place: PlaceToken.nullable() })).output(PlaceListing),
  /** A path that the person typed or dropped; the answer is the dialog standing there. */
  open: call.input(z.strictObject({ path: z.string().min(1).max(4096) })).output(PlaceListing),
  /** The sample set that comes with Espectro, as a place; null where it was left out. */
  samples: call.output(z.strictObject({ place: PlaceToken }).nullable()),
  /** Tables in the folder that may hold its labels, the likeliest first. */
  tables: call.input(z.strictObject({ place: PlaceToken })).output(z.array(z.strictObject({ name: z.string(), bytes: z.int().nonnegative() }))),
  table: call.input(z.strictObject({ place: PlaceToken, table: TableName, options: TableOptions })).output(TablePreview),
  preview: call.input(z.strictObject({ place: PlaceToken, labels: LabelSource })).output(ImportPreview),
  /** Progress, then one report. Stopping the stream cancels; what is imported by then stays. */
  start: call
    .input(
      z.strictObject({
        place: PlaceToken,
        dataset: Name,
        labels: LabelSource,
        link: z.boolean(),
        /** An upload of WAV files that the window decoded, under the names of the files of `place` that they stand in for: only those are imported. */
        decoded: PlaceToken.nullable(),
      }),
    )
    .output(eventIterator(ImportEvent)),
}

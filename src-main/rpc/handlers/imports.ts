import type { LabelSource as CallLabelSource, TableOptions as CallTableOptions } from '../../../src-contract/index.ts'
import {
  findTables, importFolder, previewImport, previewTable, tablePath, type ImportProgress, type ImportReport, type LabelSource, type TableOptions,
} from '../../curation/index.ts'
import { fail, toAppError, err, type Result } from '../../kit/index.ts'
import { answer, asCallError } from '../call-errors.ts'
import { createLatestQueue } from '../event-queue.ts'
import type { FolderListing } from '../places.ts'
import { calls } from './base.ts'

/** Failures and conflicts that travel to the window; the counts are whole. */
const LISTED = 1000
/** Rows of a table's head. */
const SHOWN_ROWS = 8

export const imports = {
  samples: calls.imports.samples.handler(async ({ context: { services } }) => {
    const token = await services.places.admit(services.samples)
    return token.ok ? { place: token.value } : null
  }),
  places: calls.imports.places.handler(async ({ input, context: { services } }) =>
    toListing(answer(await services.places.list(input.place))),
  ),
  open: calls.imports.open.handler(async ({ input, context: { services } }) => {
    if (!services.typedPaths)
      answer(fail('PERMISSION', 'Folders are chosen in the system dialog here', { hint: 'Use “Choose…”, or drop the folder on the window.' }))
    const token = answer(await services.places.admit(input.path.trim()))
    return toListing(answer(await services.places.list(token)))
  }),
  tables: calls.imports.tables.handler(({ input, context: { services } }) => findTables(answer(services.places.resolve(input.place)))),
  table: calls.imports.table.handler(async ({ input, context: { services } }) => {
    const path = answer(tablePath(answer(services.places.resolve(input.place)), input.table))
    const { delimiter, header, titles, rows, columns } = answer(await previewTable(path, toOptions(input.options)))
    return { delimiter, header, titles: [...titles], rows: rows.slice(0, SHOWN_ROWS).map((row) => [...row.record]), lines: rows.length, columns: { ...columns } }
  }),
  preview: calls.imports.preview.handler(async ({ input, context: { services } }) => {
    const folder = answer(services.places.resolve(input.place))
    const preview = answer(await previewImport(folder, toSource(folder, input.labels)))
    return {
      ...preview,
      examples: preview.examples.map((example) => ({ ...example, marks: [...example.marks] })),
      labels: [...preview.labels],
      problemExamples: preview.problemExamples.map(({ file, message }) => ({ file: file ?? null, message })),
    }
  }),
  start: calls.imports.start.handler(async function* ({ input, context: { services }, signal }) {
    const folder = answer(services.places.resolve(input.place))
    if (input.link && services.uploads.owns(folder)) answer(fail('INVALID', 'Files that were sent cannot stay where they are', { hint: 'Copy them into the library.' }))
    const decoded = input.decoded === null ? null : answer(services.places.resolve(input.decoded))
    const stop = new AbortController()
    signal?.addEventListener('abort', () => stop.abort(), { once: true })
    const progress = createLatestQueue<ImportProgress>()
    const release = services.quality.holdBack()
    const work: Promise<Result<ImportReport>> = importFolder(
      services.library,
      { path: folder, dataset: input.dataset, labels: toSource(folder, input.labels), link: input.link, ...(decoded === null ? {} : { decoded }) },
      { onProgress: progress.push, signal: stop.signal, pool: services.decodePool },
    )
      .catch((cause: unknown) => err(toAppError(cause, 'the import', folder)))
      .finally(() => {
        progress.end()
        release()
        // Also where it was stopped or failed half-way: what came in until then is there.
        services.changes.announce()
      })
    try {
      for await (const { done, total, rate } of progress.read()) yield { type: 'progress' as const, done, total, rate }
      yield { type: 'report' as const, report: toReport(answer(await work)) }
    } catch (cause) {
      throw asCallError(cause, services.onBug)
    } finally {
      // The reader went away: the work ends with it.
      stop.abort()
    }
  }),
}

/** The calls name a table below the place; curation wants its path. */
const toSource = (folder: string, labels: CallLabelSource): LabelSource =>
  labels.from === 'table' ? { from: 'csv', csv: answer(tablePath(folder, labels.table)), options: toOptions(labels.options) } : labels

const toOptions = ({ delimiter, header, columns }: CallTableOptions): TableOptions => ({
  delimiter: delimiter ?? undefined, header: header ?? undefined, columns: columns ?? undefined,
})

const toListing = (listing: FolderListing) => ({ ...listing, folders: [...listing.folders], shortcuts: [...listing.shortcuts] })

const toReport = (report: ImportReport) => ({
  dataset: report.datasetId,
  files: report.files,
  added: report.added,
  unlabelled: report.unlabelled,
  duplicates: report.duplicates,
  skipped: report.skipped,
  failed: report.failed.length,
  conflicting: report.conflicts.length,
  failures: report.failed.slice(0, LISTED).map(({ file, code, message, hint }) => ({ file, code, message, hint: hint ?? null })),
  conflicts: report.conflicts.slice(0, LISTED).map((c) => ({ ...c })),
  seconds: report.seconds,
})

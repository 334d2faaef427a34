import { importFolder, previewImport, type ImportProgress, type ImportReport } from '../../curation/index.ts'
import { fail, toAppError, err, type Result } from '../../kit/index.ts'
import { answer, asCallError } from '../call-errors.ts'
import { createLatestQueue } from '../event-queue.ts'
import type { FolderListing } from '../places.ts'
import { calls } from './base.ts'

/** Failures and conflicts that travel to the window; the counts are whole. */
const LISTED = 1000

export const imports = {
  places: calls.imports.places.handler(async ({ input, context: { services } }) =>
    toListing(answer(await services.places.list(input.place))),
  ),
  open: calls.imports.open.handler(async ({ input, context: { services } }) => {
    if (!services.typedPaths)
      answer(fail('PERMISSION', 'Folders are chosen in the system dialog here', { hint: 'Use “Choose…”, or drop the folder on the window.' }))
    const token = answer(await services.places.admit(input.path.trim()))
    return toListing(answer(await services.places.list(token)))
  }),
  preview: calls.imports.preview.handler(async ({ input, context: { services } }) => {
    const preview = answer(await previewImport(answer(services.places.resolve(input.place)), input.labels))
    return { ...preview, examples: [...preview.examples], labels: [...preview.labels] }
  }),
  start: calls.imports.start.handler(async function* ({ input, context: { services }, signal }) {
    const folder = answer(services.places.resolve(input.place))
    const stop = new AbortController()
    signal?.addEventListener('abort', () => stop.abort(), { once: true })
    const progress = createLatestQueue<ImportProgress>()
    const release = services.quality.holdBack()
    const work: Promise<Result<ImportReport>> = importFolder(
      services.library,
      { path: folder, dataset: input.dataset, labels: input.labels, link: input.link },
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

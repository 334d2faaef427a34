import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createDecodePool, type DecodePool } from '../audio/index.ts'
import { ensureDataset, type Library } from '../catalog/index.ts'
import { AppError, err, fail, joinInside, ok, safeRelativeName, type Result } from '../kit/index.ts'
import { importBatch, type BatchTarget, type InspectedFile } from './import-batch.ts'
import { planImport, type PlannedFile } from './import-plan.ts'
import { failureOf, noCounts, type ImportCounts, type ImportReport } from './import-report.ts'
import type { LabelSource } from './label-source.ts'

export interface ImportRequest {
  /** A folder, or one audio file. */
  readonly path: string
  /** Name of the dataset; made where there is none. */
  readonly dataset: string
  readonly labels: LabelSource
  /** Leave the files where they are and remember their places, instead of copying them. */
  readonly link?: boolean
  /**
   * A folder of WAV files that stand in for recordings of `path` under the same names, because they were decoded
   * elsewhere: only those are imported, copied.
   */
  readonly decoded?: string
  /** Threads that read the files. */
  readonly workers?: number
}

export interface ImportProgress {
  readonly done: number
  readonly total: number
  /** Files a second, over the whole import so far. */
  readonly rate: number
}

export interface ImportOptions {
  readonly onProgress?: (progress: ImportProgress) => void
  readonly signal?: AbortSignal
  /** A pool to borrow; without one the import makes its own. */
  readonly pool?: DecodePool
  /** Files a transaction, default 500: one flush of the disk serves them all, and a crash costs at most these. */
  readonly batchFiles?: number
}

const BATCH_FILES = 500
const PROGRESS_MS = 100

/**
 * Brings every audio file below a folder into a dataset. Files are read in parallel, copied a batch at a time,
 * and get their rows only when their bytes are whole on the disk, so that a stop at any moment leaves a legal
 * library; importing again adds what is missing and nothing twice. A file that cannot be read is one entry of
 * `failed`. One undo takes the whole import back.
 */
export async function importFolder(library: Library, request: ImportRequest, options: ImportOptions = {}): Promise<Result<ImportReport>> {
  const startedAt = performance.now()
  const plan = await planImport(request.path, request.labels)
  if (!plan.ok) return plan
  const { skipped, failed } = plan.value
  const files = request.decoded === undefined ? plan.value.files : standIns(plan.value.files, request.decoded)
  const group = randomUUID()
  const dataset = library.catalog.transact('import', (catalog) => ensureDataset(catalog, request.dataset), { group })
  if (!dataset.ok) return dataset
  const target: BatchTarget = { library, datasetId: dataset.value.id, link: request.decoded === undefined && (request.link ?? false), group, entry: 'import' }

  const total = noCounts()
  for (const error of failed) total.failed.push(failureOf(error.file ?? request.path, error))
  const stopped = await run()
  const seconds = (performance.now() - startedAt) / 1000
  if (stopped) return err(stopped)
  return ok({
    datasetId: dataset.value.id, dataset: dataset.value.name, files: files.length, ...total, skipped, seconds,
  })

  async function run(): Promise<AppError | null> {
    const own = options.pool ? null : createDecodePool(request.workers === undefined ? {} : { workers: request.workers })
    try {
      return await importAll(options.pool ?? own!)
    } finally {
      await own?.[Symbol.asyncDispose]()
    }
  }

  /** While one batch is being flushed to the disk, the files of the next are read. */
  async function importAll(pool: DecodePool): Promise<AppError | null> {
    let storing: Promise<Result<ImportCounts>> = Promise.resolve(ok(noCounts()))
    let done = 0
    let reportedAt = 0
    const settle = async (): Promise<AppError | null> => {
      const result = await storing
      if (!result.ok) return result.error
      addCounts(total, result.value)
      return null
    }
    const batchFiles = options.batchFiles ?? BATCH_FILES
    for (let start = 0; start < files.length; start += batchFiles) {
      const batch: InspectedFile[] = []
      for await (const inspected of inspectAll(pool, files.slice(start, start + batchFiles), options.signal)) {
        batch.push(inspected)
        done++
        const now = performance.now()
        if (now - reportedAt < PROGRESS_MS) continue
        reportedAt = now
        report(done)
      }
      const problem = await settle()
      if (problem) return problem
      // What was read before the stop is thrown away: half a batch tells nobody anything.
      if (options.signal?.aborted) return cancelled()
      storing = importBatch(target, batch)
      // It is awaited after the next files were read; until then its failure must not count as unhandled.
      storing.catch(() => undefined)
    }
    const problem = await settle()
    if (!problem) report(done)
    return problem
  }

  function report(done: number): void {
    options.onProgress?.({ done, total: files.length, rate: done / Math.max(1e-3, (performance.now() - startedAt) / 1000) })
  }

  function cancelled(): AppError {
    return new AppError('CANCELLED', `The import was stopped; ${total.added} clips are in`, {
      hint: 'Import again to go on, or undo to take them back.',
    })
  }
}

/** The files that a folder has under the same names. */
const standIns = (files: readonly PlannedFile[], folder: string): PlannedFile[] =>
  files.flatMap((file) => {
    const name = safeRelativeName(file.name)
    const path = name === null ? null : joinInside(folder, name)
    return path !== null && existsSync(path) ? [{ ...file, path }] : []
  })

function addCounts(total: ImportCounts, more: ImportCounts): void {
  total.added += more.added
  total.unlabelled += more.unlabelled
  total.recordings += more.recordings
  total.duplicates += more.duplicates
  total.failed.push(...more.failed)
  total.conflicts.push(...more.conflicts)
}

/** Hash and header of each file, in order. Where the header does not tell the length, the file is decoded. */
async function* inspectAll(pool: DecodePool, files: readonly PlannedFile[], signal?: AbortSignal): AsyncGenerator<InspectedFile> {
  let index = 0
  for await (const result of pool.inspectAll(files.map((f) => f.path), { signal })) {
    const file = files[index++]!
    if (!result.ok) {
      yield { file, result }
      continue
    }
    const { info } = result.value
    let frames = info.frames
    if (frames === null) {
      const sound = await pool.decode({ path: file.path, sampleRate: null }, { signal })
      if (!sound.ok) {
        yield { file, result: sound }
        continue
      }
      frames = sound.value.samples.length
    }
    yield frames > 0
      ? { file, result: ok({ ...result.value, frames }) }
      : { file, result: fail('AUDIO_EMPTY', 'The file holds no sound', { file: file.name }) }
  }
}

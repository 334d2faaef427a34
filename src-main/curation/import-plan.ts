import { readFile, realpath } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { AppError, err, isInside, ok, toAppError, type Result } from '../kit/index.ts'
import { findAudioFiles, linkStaysInside, type FoundFile } from './audio-files.ts'
import { readCsvLabels } from './csv-labels.ts'
import type { TableOptions } from './csv-table.ts'
import { factsFromPath, type ClipFacts, type LabelSource } from './label-source.ts'

/** A file to import, with the clips to make of it. */
export interface PlannedFile extends FoundFile {
  readonly clips: readonly PlannedClip[]
}

export interface PlannedClip extends ClipFacts {
  /** "Line 7 of labels.csv", to name the clip in an error. */
  readonly origin: string | null
}

export interface ImportPlan {
  /** The imported folder's own name: it comes before the files' names where labels are read from paths. */
  readonly above: string
  readonly files: readonly PlannedFile[]
  readonly skipped: number
  readonly failed: readonly AppError[]
}

/** Finds the files and says what is known of their clips, before any of them is opened. */
export async function planImport(path: string, labels: LabelSource): Promise<Result<ImportPlan>> {
  if (labels.from === 'csv') return planFromCsv(path, labels.csv, labels.options)
  const facts = factsFromPath(labels)
  if (!facts.ok) return facts
  const found = await findAudioFiles(path)
  if (!found.ok) return found
  const above = basename(found.value.root)
  return ok({
    above,
    ...found.value,
    files: found.value.files.map((file) => ({ ...file, clips: [{ ...facts.value(`${above}/${file.name}`), origin: null }] })),
  })
}

/** The rows name the files: below the imported folder, or beside the CSV file; nowhere else. */
async function planFromCsv(path: string, csv: string, options?: TableOptions): Promise<Result<ImportPlan>> {
  let text: string
  try {
    text = await readFile(csv, 'utf8')
  } catch (cause) {
    return err(toAppError(cause, 'the CSV file cannot be read', csv))
  }
  const labels = readCsvLabels(text, basename(csv), options)
  if (!labels.ok) return labels
  const found = await findAudioFiles(path)
  if (!found.ok) return found
  const { root } = found.value
  const byPath = new Map(found.value.files.map((file) => [file.path, file]))
  const beside = await realpath(dirname(resolve(csv)))
  const failed = [...found.value.failed, ...labels.value.failed]
  const planned = new Map<string, { readonly file: FoundFile; readonly clips: PlannedClip[] }>()

  for (const { file, line, facts } of labels.value.clips) {
    const origin = `Line ${line} of ${basename(csv)}`
    const target = await locate(file)
    if (target instanceof AppError) {
      failed.push(new AppError(target.code, `${origin}: ${target.message}`, { file, ...(target.hint ? { hint: target.hint } : {}) }))
      continue
    }
    const entry = planned.get(target.path) ?? { file: target, clips: [] }
    planned.set(target.path, entry)
    entry.clips.push({ ...facts, origin })
  }
  const files = [...planned.values()].map(({ file, clips }) => ({ ...file, clips }))
  return ok({ above: basename(root), files, skipped: found.value.files.filter((f) => !planned.has(f.path)).length + found.value.skipped, failed })

  async function locate(file: string): Promise<FoundFile | AppError> {
    let outside = false
    for (const folder of [root, beside]) {
      const full = resolve(folder, file)
      const known = byPath.get(full)
      if (known) return known
      if (!isInside(folder, full)) outside = true
      else if (await linkStaysInside(folder, full)) return { path: full, name: file }
    }
    return outside
      ? new AppError('INVALID', 'the file is outside the imported folder', { hint: 'Import the folder that holds all of the files.' })
      : new AppError('NOT_FOUND', 'there is no such file')
  }
}

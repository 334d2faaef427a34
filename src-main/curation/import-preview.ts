import { ok, type AppError, type Result } from '../kit/index.ts'
import { planImport } from './import-plan.ts'
import { marksFromPath, type LabelSource } from './label-source.ts'
import type { NameMark } from './name-pattern.ts'

/** What an import would find, before anything is read or changed. */
export interface ImportPreview {
  readonly found: number
  /** Of them, those whose place or name gives no label. */
  readonly unlabelled: number
  readonly examples: readonly {
    readonly name: string
    readonly label: string | null
    readonly speaker: string | null
    readonly take: string | null
    readonly split: string | null
    /** Where in the name each field was found. */
    readonly marks: readonly NameMark[]
  }[]
  /** In the order in which they are met, the first hundred. */
  readonly labels: readonly { readonly name: string; readonly files: number }[]
  /** Files that are left out: not audio, or not in the table. */
  readonly skipped: number
  /** Rows and folders that cannot be used. */
  readonly problems: number
  /** The first of them. */
  readonly problemExamples: readonly AppError[]
}

const EXAMPLES = 8
const PROBLEMS = 100
const LABELS = 100

export async function previewImport(path: string, labels: LabelSource): Promise<Result<ImportPreview>> {
  const plan = await planImport(path, labels)
  if (!plan.ok) return plan
  const { files, above, skipped, failed } = plan.value
  const marksOf = labels.from === 'csv' ? () => [] : marksFromPath(labels)
  const counts = new Map<string, number>()
  let unlabelled = 0
  for (const file of files)
    for (const { label } of file.clips) {
      if (label === null) unlabelled += 1
      else counts.set(label, (counts.get(label) ?? 0) + 1)
    }
  // Spread over the whole folder: the first files alone often look alike.
  const every = Math.max(1, Math.floor(files.length / EXAMPLES))
  const examples = files.filter((_, i) => i % every === 0).slice(0, EXAMPLES)
  return ok({
    found: files.length,
    unlabelled,
    examples: examples.map(({ name, clips: [clip] }) => ({
      name, label: clip?.label ?? null, speaker: clip?.speaker ?? null, take: clip?.take ?? null, split: clip?.split ?? null,
      marks: marksOf(`${above}/${name}`)
        .map(({ field, start, end }) => ({ field, start: start - above.length - 1, end: end - above.length - 1 }))
        .filter((mark) => mark.start >= 0),
    })),
    labels: [...counts].slice(0, LABELS).map(([name, count]) => ({ name, files: count })),
    skipped,
    problems: failed.length,
    problemExamples: failed.slice(0, PROBLEMS),
  })
}

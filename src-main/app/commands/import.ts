import { resolve } from 'node:path'
import { importFolder, type ImportReport, type LabelSource } from '../../curation/index.ts'
import { fail, ok, type Result } from '../../kit/index.ts'
import { table, type Console } from '../console.ts'
import { withLibrary } from '../with-library.ts'

interface Options {
  readonly dataset: string
  readonly labels: 'folder' | 'filename' | 'csv'
  readonly pattern?: string
  readonly csv?: string
  readonly link?: boolean
}

const DEFAULT_PATTERN = '{label}_{speaker}_{take}'
/** Failed files are all in `--json`; in text this many, then a count. */
const SHOWN_FAILURES = 20

function labelSource({ labels, pattern, csv }: Options): Result<LabelSource> {
  if (pattern !== undefined && labels !== 'filename') return fail('USAGE', '--pattern goes with --labels filename')
  if (csv !== undefined && labels !== 'csv') return fail('USAGE', '--csv goes with --labels csv')
  if (labels === 'folder') return ok({ from: 'folder' })
  if (labels === 'filename') return ok({ from: 'filename', pattern: pattern ?? DEFAULT_PATTERN })
  if (csv === undefined) return fail('USAGE', '--labels csv needs the table: --csv FILE')
  return ok({ from: 'csv', csv: resolve(csv) })
}

export const importRecordings = withLibrary(async (library, { console, signal, failedPartly }, path: string, options: Options) => {
  const labels = labelSource(options)
  if (!labels.ok) return labels
  const report = await importFolder(
    library,
    { path: resolve(path), dataset: options.dataset, labels: labels.value, link: options.link === true },
    {
      signal,
      onProgress: ({ done, total, rate }) => {
        console.progress(`importing ${done} of ${total} files, ${Math.round(rate)} a second`)
        console.event({ type: 'progress', done, total, rate })
      },
    },
  )
  if (!report.ok) return report
  sayReport(console, report.value)
  if (report.value.failed.length > 0 && report.value.added + report.value.duplicates === 0) failedPartly()
  return ok({ ...report.value })
})

export function sayReport(console: Console, report: ImportReport): void {
  console.say(
    `${report.dataset}: ${report.added} clips added, ${report.duplicates} there already, ${report.failed.length} failed (${report.files} files in ${report.seconds.toFixed(1)} s)`,
  )
  if (report.unlabelled > 0) console.say(`${report.unlabelled} of the new clips have no label.`)
  if (report.skipped > 0) console.say(`${report.skipped} files were passed over: not audio, or not in the table.`)
  for (const c of report.conflicts.slice(0, SHOWN_FAILURES)) console.say(`${c.file}: the same sound as ${c.existingFile ?? 'another'}, there labelled ${c.existingLabel ?? 'nothing'}, here ${c.label}; the first stays.`)
  if (report.failed.length === 0) return
  console.say(`\n${table(['failed file', 'why'], report.failed.slice(0, SHOWN_FAILURES).map((f) => [f.file, f.hint === undefined ? f.message : `${f.message}. ${f.hint}`]))}`)
  if (report.failed.length > SHOWN_FAILURES) console.say(`… and ${report.failed.length - SHOWN_FAILURES} more (--json lists all).`)
}

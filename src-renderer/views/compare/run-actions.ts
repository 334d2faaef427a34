import { useI18n } from 'vue-i18n'
import { LOGGED_RUNS, previewUrl, type LogFormat } from '@contract'
import { useClient } from '@/client/use-client.ts'
import { useCompare } from '@/stores/compare.ts'
import { useCompareLayout } from '@/stores/compare-layout.ts'
import { useToasts } from '@/stores/toasts.ts'
import type { TableRow } from './fields.ts'
import { runsToCsv } from './run-csv.ts'

/** What a person does with the chosen runs; where none is chosen, with the one under the cursor. */
export function useRunTableActions() {
  const { t } = useI18n()
  const client = useClient()
  const compare = useCompare()
  const { layout } = useCompareLayout()
  const toasts = useToasts()

  const meant = (): readonly TableRow[] => (compare.chosenRows.length > 0 ? compare.chosenRows : compare.current ? [compare.current] : [])
  const told = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (cause) {
      toasts.error(cause)
    }
  }
  /** One after the other: what fails ends it, and what was done before stays done. */
  const each = async (rows: readonly Pick<TableRow, 'id'>[], work: (id: string) => Promise<unknown>): Promise<void> => {
    for (const { id } of rows) await work(id)
  }
  const names = (rows: readonly TableRow[]): string => (rows.length === 1 ? rows[0]!.run.name : '')
  const restore = (rows: readonly TableRow[]): Promise<void> => told(() => each(rows, (run) => client.runs.restore({ run })))
  return {
    meant,
    remove: (rows = meant()) => told(async () => {
      if (rows.length === 0) return
      await each(rows, (run) => client.runs.remove({ run }))
      toasts.done(rows.length === 1 ? t('train.removed', { name: names(rows) }) : t('compare.removed', { count: rows.length }, rows.length), () => void restore(rows))
    }),
    restore: (rows = meant()) => told(async () => {
      if (rows.length === 0) return
      await each(rows, (run) => client.runs.restore({ run }))
      toasts.done(t('compare.restored', { count: rows.length }, rows.length))
    }),
    /** All become favourites, unless all are. */
    star: (rows = meant()) => told(() => {
      const favourite = !rows.every((r) => r.run.favourite)
      return each(rows, (run) => client.runs.annotate({ run, favourite }))
    }),
    annotate: (rows: readonly TableRow[], notes: (row: TableRow) => { name?: string; tags?: string[]; note?: string }) => each(rows, (run) => client.runs.annotate({ run, ...notes(rows.find((r) => r.id === run)!) })),
    /** For other programs, as one ZIP. */
    saveLogs: (format: LogFormat, rows = meant()) => told(async () => {
      if (rows.length === 0) return
      const { file, name } = await client.compare.logs({ runs: rows.slice(0, LOGGED_RUNS).map((r) => r.id), format })
      const link = document.createElement('a')
      link.href = previewUrl(file)
      link.download = name
      link.click()
      toasts.done(t(`compare.logsSaved.${format}`, { name }))
    }),
    /** The rows in sight with the columns in sight. */
    saveCsv(): void {
      const rows = compare.groups ? compare.groups.flatMap((g) => g.rows) : compare.entries.flatMap((e) => (e.kind === 'row' ? [e.row] : []))
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([runsToCsv(rows, compare.fieldsOf(layout.columns))], { type: 'text/csv;charset=utf-8' }))
      link.download = 'runs.csv'
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    },
  }
}

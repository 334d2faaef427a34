/** What differs between the settings of some runs. Pure. */
import type { SettingValue } from '@contract'
import type { TableRow } from './fields.ts'

export interface SettingRow {
  readonly path: string
  /** One for each run; undefined where the run has no such setting. */
  readonly values: readonly (SettingValue | undefined)[]
  readonly differs: boolean
}

/** Beside the settings themselves: what they were applied to, and how. */
const around = ({ run }: TableRow): (readonly [string, SettingValue])[] =>
  run.config === null ? [] : [
    ['dataset', run.datasetName], ['clips.train', run.config.clips.train], ['clips.validation', run.config.clips.validation], ['clips.test', run.config.clips.test],
    ['labels', run.config.labels], ['splitHash', run.config.splitHash.slice(0, 12)], ['device', run.config.device], ['threads', run.config.threads],
  ]

/**
 * Settings in the order in which they were first met. Where the architectures have different names their layers are left
 * out: every one of them would differ, and the name says it.
 */
export function settingRows(rows: readonly TableRow[]): SettingRow[] {
  const all = rows.map((row) => new Map([...around(row), ...row.settings]))
  const names = new Set(all.map((m) => m.get('architecture.name')))
  const paths = [...new Set(all.flatMap((m) => [...m.keys()]))]
  return paths
    .filter((path) => names.size < 2 || !path.startsWith('architecture.') || path === 'architecture.name')
    .map((path) => {
      const values = all.map((m) => m.get(path))
      return { path, values, differs: values.some((v) => v !== values[0]) }
    })
}

/** Runs on other clips cannot be compared by their measures. */
export const sameClips = (rows: readonly TableRow[]): boolean => new Set(rows.map((r) => r.run.config?.splitHash)).size <= 1

/** What there is to know of a run in a table: columns, filters, groups and axes are all made of these. Pure. */
import type { ComparedRun, LiveRun, Run, RunTable, SettingValue } from '@contract'

export interface TableRow {
  readonly id: string
  readonly run: Run
  readonly compared: ComparedRun
  readonly settings: ReadonlyMap<string, SettingValue>
  readonly group: string | null
  /** While it is trained by this program. */
  readonly live: LiveRun | null
}

export type Cell = string | number | boolean | null | readonly string[]

/** How a value is written. `time` is milliseconds since 1970. */
export type FieldKind = 'text' | 'number' | 'count' | 'percent' | 'seconds' | 'milliseconds' | 'bytes' | 'short' | 'time' | 'flag' | 'words' | 'status'

export interface Field {
  /** Also its name in filters. */
  readonly id: string
  readonly kind: FieldKind
  /** False: a path of the settings, shown as it is. */
  readonly named: boolean
  readonly value: (row: TableRow) => Cell
  /** Which way is better. */
  readonly better?: 'high' | 'low'
  /** Chosen by a person rather than measured. */
  readonly setting?: boolean
  /** Other names in filters. */
  readonly also?: readonly string[]
  /** Pixels. */
  readonly width: number
}

const at = (text: string | null): number | null => (text === null ? null : Date.parse(text))
const duration = ({ run }: TableRow): number | null => {
  const [from, to] = [at(run.startedAt), at(run.finishedAt)]
  return from === null || to === null || to < from ? null : (to - from) / 1000
}
const config = <K extends keyof NonNullable<Run['config']>>(key: K) => ({ run }: TableRow): NonNullable<Run['config']>[K] | null => run.config?.[key] ?? null
const summary = <K extends keyof Run['summary']>(key: K) => ({ run }: TableRow) => run.summary[key]

const field = (id: string, kind: FieldKind, value: (row: TableRow) => Cell, more: Partial<Field> = {}): Field => ({ id, kind, named: true, value, width: 92, ...more })
const setting = (id: string, kind: FieldKind, value: (row: TableRow) => Cell, more: Partial<Field> = {}): Field => field(id, kind, value, { setting: true, ...more })

export const FIELDS: readonly Field[] = [
  field('name', 'text', (r) => r.run.name, { width: 190 }),
  field('status', 'status', (r) => (r.live ? 'running' : r.run.status), { width: 84 }),
  field('dataset', 'text', (r) => r.run.datasetName, { width: 96 }),
  field('group', 'text', (r) => r.group, { width: 110 }),
  field('tags', 'words', (r) => r.run.tags, { also: ['tag'], width: 120 }),
  field('note', 'text', (r) => (r.run.note === '' ? null : r.run.note), { width: 160 }),
  field('favourite', 'flag', (r) => r.run.favourite, { width: 70 }),
  field('created', 'time', (r) => at(r.run.createdAt), { width: 104 }),
  field('duration', 'seconds', duration, { width: 80, better: 'low' }),
  setting('architecture', 'text', config('architecture'), { also: ['model', 'network'], width: 110 }),
  setting('frontend', 'text', (r) => r.compared.frontEnd, { width: 110 }),
  setting('policy', 'text', (r) => r.compared.policy ?? (r.settings.get('augment.steps') as string | undefined) ?? null, { also: ['augment'], width: 96 }),
  setting('optimizer', 'text', config('optimizer'), { width: 84 }),
  setting('schedule', 'text', config('schedule'), { width: 84 }),
  setting('rate', 'number', config('rate'), { also: ['lr'], width: 84 }),
  setting('batch', 'count', config('batch'), { width: 60 }),
  setting('epochs', 'count', config('epochs'), { width: 70 }),
  setting('seed', 'count', config('seed'), { width: 60 }),
  setting('device', 'text', (r) => r.run.summary.device ?? r.run.config?.device ?? null, { width: 76 }),
  field('classes', 'count', config('labels'), { width: 76 }),
  field('clips', 'count', (r) => r.run.config?.clips.train ?? null, { width: 76 }),
  field('done', 'count', (r) => r.live?.epoch?.epoch ?? r.run.summary.epochs, { width: 60 }),
  field('best', 'count', summary('chosenEpoch'), { width: 76 }),
  field('parameters', 'short', (r) => r.live?.started?.parameters ?? r.run.summary.parameters, { also: ['params'], better: 'low', width: 88 }),
  field('macs', 'short', (r) => r.compared.macs, { better: 'low', width: 84 }),
  field('size', 'bytes', (r) => r.compared.cost?.bytes ?? null, { better: 'low', width: 84 }),
  field('latency', 'milliseconds', (r) => (r.compared.cost?.here ? r.compared.cost.milliseconds : null), { better: 'low', width: 84 }),
  field('epochtime', 'seconds', summary('secondsPerEpoch'), { better: 'low', width: 92 }),
  field('trainloss', 'number', (r) => r.live?.progress?.loss ?? r.run.summary.trainLoss, { better: 'low', width: 92 }),
  field('trainaccuracy', 'percent', (r) => r.live?.progress?.accuracy ?? r.run.summary.trainAccuracy, { better: 'high', width: 92 }),
  field('loss', 'number', (r) => r.live?.epoch?.validation?.loss ?? r.run.summary.validationLoss, { better: 'low', width: 92 }),
  field('accuracy', 'percent', (r) => r.live?.epoch?.validation?.accuracy ?? r.run.summary.validationAccuracy, { also: ['acc'], better: 'high', width: 92 }),
  field('f1', 'percent', summary('validationMacroF1'), { better: 'high', width: 92 }),
  field('test', 'percent', summary('testAccuracy'), { better: 'high', width: 92 }),
  field('testf1', 'percent', summary('testMacroF1'), { better: 'high', width: 92 }),
]
export const FIELD_BY_ID: ReadonlyMap<string, Field> = new Map(FIELDS.map((f) => [f.id, f]))
/** Paths of settings that have a field of their own. */
export const NAMED_PATHS: ReadonlySet<string> = new Set(['architecture.name', 'augment.steps', 'optimizer.type', 'schedule.type', 'schedule.rate', 'batch', 'epochs', 'seed'])
export const FIRST_COLUMNS = ['name', 'status', 'architecture', 'policy', 'rate', 'batch', 'seed', 'done', 'parameters', 'trainloss', 'loss', 'accuracy', 'test', 'created']

const NUMERIC: ReadonlySet<FieldKind> = new Set(['number', 'count', 'percent', 'seconds', 'milliseconds', 'bytes', 'short', 'time'])
export const isNumeric = ({ kind }: Pick<Field, 'kind'>): boolean => NUMERIC.has(kind)
/** What a mean says something of. */
export const isMeasured = (f: Field): boolean => isNumeric(f) && f.kind !== 'time' && f.setting !== true

/** A setting by its path, of whatever type its first value has. */
export function settingField(path: string, rows: readonly TableRow[]): Field {
  const values = rows.flatMap((r) => r.settings.get(path) ?? [])
  const kind = values.length > 0 && values.every((v) => typeof v === 'number') ? 'number' : 'text'
  return {
    id: path, kind, named: false, setting: true, width: 110,
    value: ({ settings }) => {
      const value = settings.get(path)
      return value === undefined || value === null ? null : kind === 'number' ? value : String(value)
    },
  }
}

export function rowsOf(table: RunTable): TableRow[] {
  const groups = new Map(table.groups.map((g) => [g.id, g.name]))
  const parts = table.parts.map(({ at, values }) => at.map((place, i) => [table.settings[place]!, values[i]!] as const))
  return table.runs.map((compared) => ({
    id: compared.run.id,
    run: compared.run,
    compared,
    settings: new Map(compared.parts.flatMap((part) => parts[part]!)),
    group: compared.run.group === null ? null : (groups.get(compared.run.group) ?? compared.run.group),
    live: null,
  }))
}

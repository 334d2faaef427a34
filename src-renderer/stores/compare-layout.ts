import { defineStore } from 'pinia'
import { reactive, watch } from 'vue'
import { FIELD_BY_ID, FIRST_COLUMNS } from '../views/compare/fields.ts'

export const COMPARE_TABS = ['curves', 'parallel', 'confusion', 'clips', 'cost', 'settings'] as const
export type CompareTab = (typeof COMPARE_TABS)[number]
export const CHARTS = ['train.loss', 'validation.loss', 'train.accuracy', 'validation.accuracy', 'learningRate', 'gradientNorm'] as const

export interface CompareLayout {
  /** Fields by name; paths of settings as well. */
  columns: string[]
  widths: Record<string, number>
  sort: { by: string; descending: boolean }
  groupBy: string[]
  tab: CompareTab
  /** Of the height that the table takes, 0 to 1. */
  split: number
  /** Curves that are shown, each in a chart of its own. */
  charts: string[]
  axis: 'step' | 'epoch' | 'time'
  smoothing: number
  logarithmic: boolean
  spread: 'deviation' | 'range'
  /** Axes of the parallel coordinates; null: those that vary. */
  axes: string[] | null
  cost: 'parameters' | 'macs' | 'size' | 'latency'
  gain: string
}

export const COST_FIELDS = ['parameters', 'macs', 'size', 'latency'] as const
export const GAIN_FIELDS = ['test', 'testf1', 'accuracy', 'f1'] as const

const START: CompareLayout = {
  columns: [...FIRST_COLUMNS], widths: {}, sort: { by: 'created', descending: true }, groupBy: [], tab: 'curves', split: 0.42,
  charts: CHARTS.slice(0, 4), axis: 'step', smoothing: 0, logarithmic: false, spread: 'deviation', axes: null, cost: 'parameters', gain: 'accuracy',
}
const STORED = 'espectro.compare'
const MOST = 60

/** What was stored, as far as it still makes sense. */
export function readCompareLayout(text: string | null): CompareLayout {
  let stored: Record<string, unknown> = {}
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    if (typeof value === 'object' && value !== null) stored = value as Record<string, unknown>
  } catch {
    // Nothing of it makes sense.
  }
  const names = (value: unknown, otherwise: string[]): string[] =>
    Array.isArray(value) ? [...new Set(value.filter((v): v is string => typeof v === 'string' && v !== '' && v.length < 200))].slice(0, MOST) : otherwise
  const number = (value: unknown, least: number, most: number, otherwise: number): number => (typeof value === 'number' && value >= least && value <= most ? value : otherwise)
  const one = <T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T => (allowed.includes(value as T) ? (value as T) : otherwise)
  const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {})
  const columns = names(stored['columns'], START.columns)
  const sort = record(stored['sort'])
  return {
    columns: ['name', ...columns.filter((c) => c !== 'name')],
    widths: Object.fromEntries(Object.entries(record(stored['widths'])).filter((e): e is [string, number] => typeof e[1] === 'number' && e[1] >= 40 && e[1] <= 640)),
    sort: typeof sort['by'] === 'string' ? { by: sort['by'], descending: sort['descending'] === true } : { ...START.sort },
    groupBy: names(stored['groupBy'], []),
    tab: one(stored['tab'], COMPARE_TABS, START.tab),
    split: number(stored['split'], 0.15, 0.85, START.split),
    charts: names(stored['charts'], START.charts),
    axis: one(stored['axis'], ['step', 'epoch', 'time'], START.axis),
    smoothing: number(stored['smoothing'], 0, 0.99, 0),
    logarithmic: stored['logarithmic'] === true,
    spread: one(stored['spread'], ['deviation', 'range'], START.spread),
    axes: Array.isArray(stored['axes']) ? names(stored['axes'], []) : null,
    cost: one(stored['cost'], COST_FIELDS, START.cost),
    gain: one(stored['gain'], GAIN_FIELDS, 'accuracy'),
  }
}

/** How runs are compared, kept for this window. */
export const useCompareLayout = defineStore('compare-layout', () => {
  const layout = reactive(readCompareLayout(localStorage.getItem(STORED)))
  watch(layout, () => localStorage.setItem(STORED, JSON.stringify(layout)))
  return {
    layout,
    toggleColumn(id: string): void {
      if (id === 'name') return
      layout.columns = layout.columns.includes(id) ? layout.columns.filter((c) => c !== id) : [...layout.columns, id]
    },
    width: (id: string): number => layout.widths[id] ?? FIELD_BY_ID.get(id)?.width ?? 110,
    resize(id: string, width: number): void {
      layout.widths = { ...layout.widths, [id]: Math.round(Math.max(40, Math.min(640, width))) }
    },
    resetWidth(id: string): void {
      const { [id]: _, ...others } = layout.widths
      layout.widths = others
    },
    resetColumns(): void {
      layout.columns = [...FIRST_COLUMNS]
      layout.widths = {}
    },
  }
})

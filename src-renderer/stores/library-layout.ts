import { defineStore } from 'pinia'
import { computed, reactive, watch } from 'vue'
import type { ClipSort } from '../../src-contract/index.ts'

export const COLUMNS = ['wave', 'name', 'label', 'seconds', 'split', 'speaker', 'session', 'take', 'folder', 'review'] as const
export type Column = (typeof COLUMNS)[number]

/** Columns that the catalog can sort by. */
export const SORTED_BY: Readonly<Partial<Record<Column, ClipSort['by']>>> = {
  name: 'name', label: 'label', seconds: 'seconds', split: 'split', speaker: 'speaker', session: 'session', folder: 'folder', review: 'review',
}
/** Pixels; the name takes what is left. */
const WIDTHS: Readonly<Record<Column, number>> = {
  wave: 120, name: 200, label: 140, seconds: 84, split: 104, speaker: 110, session: 110, take: 64, folder: 160, review: 96,
}
export const LEAST_WIDTH = 48
export const MOST_WIDTH = 640
export const THUMBNAIL = { least: 96, most: 320 } as const

export interface Layout {
  mode: 'table' | 'grid'
  /** Width of a picture in the grid, pixels. */
  thumbnail: number
  shown: Column[]
  widths: Record<Column, number>
}

const STORED = 'espectro.library'

/** What was stored, as far as it still makes sense. */
export function readLayout(text: string | null): Layout {
  let stored: Record<string, unknown> = {}
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    if (typeof value === 'object' && value !== null) stored = value as Record<string, unknown>
  } catch {
    // Nothing of it makes sense.
  }
  const number = (value: unknown, least: number, most: number, otherwise: number): number =>
    typeof value === 'number' && value >= least && value <= most ? value : otherwise
  const widths = typeof stored['widths'] === 'object' && stored['widths'] !== null ? (stored['widths'] as Record<string, unknown>) : {}
  const listed: unknown = stored['shown']
  const shown = Array.isArray(listed) ? COLUMNS.filter((c) => c === 'name' || listed.includes(c)) : COLUMNS.filter((c) => c !== 'session' && c !== 'take' && c !== 'folder')
  return {
    mode: stored['mode'] === 'grid' ? 'grid' : 'table',
    thumbnail: number(stored['thumbnail'], THUMBNAIL.least, THUMBNAIL.most, 176),
    shown,
    widths: Object.fromEntries(COLUMNS.map((c) => [c, number(widths[c], LEAST_WIDTH, MOST_WIDTH, WIDTHS[c])])) as Record<Column, number>,
  }
}

/** How the clips are shown, kept for this window. */
export const useLibraryLayout = defineStore('library-layout', () => {
  const layout = reactive(readLayout(localStorage.getItem(STORED)))
  watch(layout, () => localStorage.setItem(STORED, JSON.stringify(layout)))
  const template = computed(() => layout.shown.map((c) => (c === 'name' ? 'minmax(8rem, 1fr)' : `${layout.widths[c]}px`)).join(' '))
  return {
    layout,
    template,
    toggle(column: Column): void {
      layout.shown = COLUMNS.filter((c) => (c === column ? !layout.shown.includes(c) : layout.shown.includes(c)))
    },
    resize(column: Column, width: number): void {
      layout.widths[column] = Math.round(Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, width)))
    },
    resetWidth: (column: Column): void => void (layout.widths[column] = WIDTHS[column]),
  }
})

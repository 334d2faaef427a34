import { useIntervalFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { RunTable } from '@contract'
import { shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { passes, type Brushes, type ParallelAxis } from '@/components/parallel-axes.ts'
import { FIELD_BY_ID, FIELDS, isNumeric, rowsOf, settingField, type Field, type TableRow } from '@/views/compare/fields.ts'
import { assignSlots } from '@/views/compare/run-colours.ts'
import { parseRunFilter, passesFilter } from '@/views/compare/run-filter.ts'
import { entriesOf, groupKey, groupRows, sortRows, type Entry } from '@/views/compare/run-groups.ts'
import { useCompareLayout } from './compare-layout.ts'
import { useLibrary } from './library.ts'
import { useTraining } from './training.ts'

/** Milliseconds between two readings of the table while the library changes. */
const LEAST_WAIT = 700
/** Runs that are chosen at first. */
const FIRST_CHOSEN = 4

/** Several runs that are drawn as one, or a run alone. */
export interface Drawn {
  readonly key: string
  readonly name: string
  readonly rows: readonly TableRow[]
  readonly slot: number
}

/** Every run with all that is known of it: filtered, sorted, grouped; and which of them are compared. */
export const useCompare = defineStore('compare', () => {
  const client = useClient()
  const library = useLibrary()
  const training = useTraining()
  const { layout } = useCompareLayout()

  const table = shallowRef<RunTable | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  const binned = ref(false)
  const filter = ref('')
  const brushes = shallowRef<Brushes>({})
  const closed = shallowRef<ReadonlySet<string>>(new Set())
  const chosen = shallowRef<ReadonlySet<string>>(new Set())
  const cursor = ref(0)
  const anchor = ref(0)
  const marked = ref<string | null>(null)
  /** The two that are set against each other; null: the first two that are chosen. */
  const pair = shallowRef<{ readonly a: string | null; readonly b: string | null }>({ a: null, b: null })

  let asked = 0
  let timer: ReturnType<typeof setTimeout> | null = null
  let readAt = -Infinity
  let first = true
  async function refresh(): Promise<void> {
    const mine = ++asked
    readAt = performance.now()
    try {
      const answer = await client.compare.table({ which: binned.value ? 'binned' : 'present' })
      if (mine !== asked) return
      table.value = answer
      problem.value = null
      const present = new Set(answer.runs.map((r) => r.run.id))
      if (first && !binned.value) chosen.value = new Set(answer.runs.filter((r) => r.run.status !== 'created' && r.run.status !== 'queued').slice(0, FIRST_CHOSEN).map((r) => r.run.id))
      else chosen.value = new Set([...chosen.value].filter((id) => present.has(id)))
      if (!binned.value) first = false
    } catch (cause) {
      if (mine === asked) problem.value = shownError(cause)
    }
  }
  /** Many changes in a row are read once. */
  function refreshSoon(): void {
    timer ??= setTimeout(() => {
      timer = null
      void refresh()
    }, Math.max(0, LEAST_WAIT - (performance.now() - readAt)))
  }
  watch([() => library.revision, () => training.queue?.current?.run, () => training.queue?.waiting.join()], refreshSoon, { immediate: true })
  watch(binned, () => {
    chosen.value = new Set()
    cursor.value = 0
    table.value = null
    void refresh()
  })

  const plainRows = computed(() => (table.value ? rowsOf(table.value) : []))
  const rows = computed<readonly TableRow[]>(() => {
    const live = training.queue?.current ?? null
    return live ? plainRows.value.map((row) => (row.id === live.run ? { ...row, live } : row)) : plainRows.value
  })
  /** Runs that another program on this library trains: nothing tells of their steps, so they are looked at. */
  const trainedElsewhere = computed(() => rows.value.filter((r) => r.run.status === 'running' && !r.live).map((r) => r.id))
  const beat = ref(0)
  useIntervalFn(() => {
    if (trainedElsewhere.value.length > 0) beat.value++
  }, 2000)

  const settingFields = computed<ReadonlyMap<string, Field>>(() => new Map((table.value?.settings ?? []).map((path) => [path, settingField(path, plainRows.value)])))
  const byLowerName = computed(() => {
    const names = new Map<string, Field>()
    for (const [path, field] of settingFields.value) names.set(path.toLowerCase(), field)
    for (const field of FIELDS) for (const name of [field.id, ...(field.also ?? [])]) names.set(name, field)
    return names
  })
  const fieldByName = (name: string): Field | undefined => byLowerName.value.get(name.toLowerCase())
  const fieldOf = (id: string): Field | undefined => FIELD_BY_ID.get(id) ?? settingFields.value.get(id)
  const fieldsOf = (ids: readonly string[]): Field[] => ids.flatMap((id) => fieldOf(id) ?? [])

  const parsed = computed(() => parseRunFilter(filter.value, fieldByName))
  const filtered = computed(() => rows.value.filter((row) => passesFilter(row, parsed.value)))
  const brushed = computed(() => Object.keys(brushes.value).length > 0)
  const shown = computed(() => {
    if (!brushed.value) return filtered.value
    const fields = fieldsOf(Object.keys(brushes.value))
    const axes: ParallelAxis[] = fields.map((f) => ({ id: f.id, title: f.id, kind: isNumeric(f) ? 'number' : 'words' }))
    return filtered.value.filter((row) => passes({ id: row.id, name: row.run.name, values: fields.map((f) => axisValue(f, row)) }, axes, brushes.value))
  })

  const columns = computed(() => fieldsOf(layout.columns))
  const groupFields = computed(() => fieldsOf(layout.groupBy))
  const sortField = computed(() => fieldOf(layout.sort.by))
  const sorted = computed(() => sortRows(shown.value, sortField.value, layout.sort.descending))
  const groups = computed(() => (groupFields.value.length === 0 ? null : groupRows(sorted.value, groupFields.value, columns.value, { field: sortField.value, descending: layout.sort.descending })))
  const entries = computed<readonly Entry[]>(() => (groups.value ? entriesOf(groups.value, closed.value) : sorted.value.map((row) => ({ kind: 'row', row, depth: 0 }) as const)))
  watch(() => entries.value.length, (length) => (cursor.value = Math.max(0, Math.min(cursor.value, length - 1))))

  /** In the order of the table; those that the filter hides stay chosen, after the others. */
  const chosenRows = computed<readonly TableRow[]>(() => {
    const inTable = (groups.value ? groups.value.flatMap((g) => g.rows) : sorted.value).filter((r) => chosen.value.has(r.id))
    const seen = new Set(inTable.map((r) => r.id))
    return [...inTable, ...rows.value.filter((r) => chosen.value.has(r.id) && !seen.has(r.id))]
  })
  let slots = new Map<string, number>()
  const drawn = computed<readonly Drawn[]>(() => {
    const by = groupFields.value
    const members = new Map<string, TableRow[]>()
    for (const row of chosenRows.value) {
      const key = by.length === 0 ? row.id : groupKey(row, by)
      members.set(key, [...(members.get(key) ?? []), row])
    }
    slots = assignSlots(slots, [...members.keys()])
    return [...members].map(([key, list]) => ({ key, rows: list, slot: slots.get(key)!, name: by.length === 0 ? list[0]!.run.name : by.map((f) => said(f.value(list[0]!))).join(' · ') }))
  })
  const slotOf = computed(() => new Map(drawn.value.flatMap((d) => d.rows.map((r) => [r.id, d.slot] as const))))

  const idsAt = (index: number): string[] => {
    const entry = entries.value[index]
    return !entry ? [] : entry.kind === 'row' ? [entry.row.id] : entry.group.rows.map((r) => r.id)
  }
  function moveTo(index: number): void {
    cursor.value = Math.max(0, Math.min(index, entries.value.length - 1))
    anchor.value = cursor.value
  }
  function chooseOnly(index: number): void {
    moveTo(index)
    chosen.value = new Set(idsAt(cursor.value))
  }
  function extendTo(index: number): void {
    cursor.value = Math.max(0, Math.min(index, entries.value.length - 1))
    const [from, to] = [Math.min(anchor.value, cursor.value), Math.max(anchor.value, cursor.value)]
    chosen.value = new Set(Array.from({ length: to - from + 1 }, (_, i) => idsAt(from + i)).flat())
  }
  /** Of a group: all of its runs, or none where all are chosen already. */
  function toggle(index: number): void {
    moveTo(index)
    toggleIds(idsAt(cursor.value))
  }
  function toggleIds(ids: readonly string[]): void {
    const next = new Set(chosen.value)
    if (ids.every((id) => next.has(id))) for (const id of ids) next.delete(id)
    else for (const id of ids) next.add(id)
    chosen.value = next
  }
  function toggleOpen(key: string): void {
    const next = new Set(closed.value)
    if (!next.delete(key)) next.add(key)
    closed.value = next
  }

  const a = computed(() => chosenRows.value.find((r) => r.id === pair.value.a) ?? chosenRows.value.find((r) => r.id !== pair.value.b) ?? null)
  const b = computed(() => chosenRows.value.find((r) => r.id === pair.value.b && r.id !== a.value?.id) ?? chosenRows.value.find((r) => r.id !== a.value?.id) ?? null)

  return {
    table, problem, binned, filter, parsed, brushes, brushed, closed, chosen, cursor, marked, pair, a, b, beat, trainedElsewhere,
    rows, filtered, shown, columns, groupFields, sortField, groups, entries, chosenRows, drawn, slotOf, settingFields,
    refresh, fieldOf, fieldsOf, moveTo, chooseOnly, extendTo, toggle, toggleIds, toggleOpen, idsAt,
    chooseAll: () => (chosen.value = new Set(shown.value.map((r) => r.id))),
    chooseNone: () => (chosen.value = new Set()),
    current: computed<TableRow | null>(() => {
      const entry = entries.value[cursor.value]
      return entry?.kind === 'row' ? entry.row : null
    }),
  }
})

const said = (cell: unknown): string => (cell === null ? '–' : Array.isArray(cell) ? cell.join(', ') : String(cell))

/** What an axis of parallel coordinates shows of a run. */
export function axisValue(field: Field, row: TableRow): number | string | null {
  const value = field.value(row)
  if (value === null || typeof value === 'number' || typeof value === 'string') return value
  return Array.isArray(value) ? (value.length === 0 ? null : value.join(', ')) : String(value)
}

import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowReactive, shallowRef, watch } from 'vue'
import { IDS_LIMIT, type Clip, type ClipFacets, type ClipFilter, type ClipMark, type ClipSelection, type ClipSort, type QualityFlag, type Review, type Split } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { useLibrary } from './library.ts'
import { EVERYTHING, isSelected, NOTHING, only, selectedCount, type Selection } from './selection.ts'

/** Rows of one request. */
const PAGE = 100

interface Lists {
  labels: (number | null)[]
  splits: (Split | null)[]
  speakers: (string | null)[]
  sessions: (string | null)[]
  folders: (string | null)[]
  reviews: Review[]
  quality: (QualityFlag | null)[]
  marks: (ClipMark | null)[]
}

const noLists = (): Lists => ({ labels: [], splits: [], speakers: [], sessions: [], folders: [], reviews: [], quality: [], marks: [] })

/** The clip table: what is shown, where the cursor stands, what is selected. Rows come in pages as they are seen. */
export const useClips = defineStore('clips', () => {
  const client = useClient()
  const library = useLibrary()

  const search = ref('')
  const lists = reactive<Lists>(noLists())
  const seconds = ref<ClipFilter['seconds']>({ from: null, to: null })
  const binned = ref(false)
  const sort = ref<ClipSort>({ by: 'added', descending: false })
  const total = ref<number | null>(null)
  const facets = shallowRef<ClipFacets | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  const pages = shallowReactive(new Map<number, readonly Clip[]>())
  const cursor = ref(0)
  const selection = shallowRef<Selection>(NOTHING)
  let anchor = 0

  const filter = computed<ClipFilter | null>(() =>
    library.chosen === null
      ? null
      : {
          dataset: library.chosen, search: search.value.trim(), labels: [...lists.labels], splits: [...lists.splits], speakers: [...lists.speakers],
          sessions: [...lists.sessions], folders: [...lists.folders], reviews: [...lists.reviews],
          quality: [...lists.quality], marks: [...lists.marks], seconds: seconds.value, binned: binned.value,
        },
  )
  const isFiltered = computed(() => search.value.trim() !== '' || seconds.value.from !== null || seconds.value.to !== null || Object.values(lists).some((list) => list.length > 0))

  /** Answers to an earlier question are thrown away. */
  let question = 0
  const asked = new Set<number>()
  let shown = { first: 0, last: 0 }

  async function load(page: number): Promise<void> {
    if (filter.value === null || asked.has(page)) return
    asked.add(page)
    const mine = question
    try {
      const answer = await client.clips.page({ filter: filter.value, sort: sort.value, offset: page * PAGE, limit: PAGE })
      if (mine !== question) return
      // Rows of the question before stay until the first new ones are here: nothing flashes.
      if (fresh.size === 0) for (const old of pages.keys()) if (old !== page) pages.delete(old)
      fresh.add(page)
      total.value = answer.total
      pages.set(page, answer.clips)
      cursor.value = Math.max(0, Math.min(cursor.value, answer.total - 1))
      problem.value = null
    } catch (cause) {
      if (mine === question && !isStopped(cause)) problem.value = shownError(cause)
    }
  }
  const fresh = new Set<number>()

  function see(first: number, last: number): void {
    shown = { first, last }
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) void load(page)
  }

  async function reload(): Promise<void> {
    question += 1
    asked.clear()
    fresh.clear()
    if (filter.value === null) {
      pages.clear()
      total.value = null
      facets.value = null
      return
    }
    const mine = question
    see(Math.min(shown.first, Math.max(0, (total.value ?? 1) - 1)), shown.last)
    try {
      const answer = await client.clips.facets({ filter: filter.value })
      if (mine === question) facets.value = answer
    } catch (cause) {
      if (mine === question && !isStopped(cause)) problem.value = shownError(cause)
    }
  }

  const fromTop = (): void => {
    cursor.value = 0
    anchor = 0
    shown = { first: 0, last: shown.last - shown.first }
    selection.value = NOTHING
    void reload()
  }
  watch(() => library.revision, () => void reload())
  watch([() => library.chosen], () => {
    clearFilter()
    binned.value = false
    pages.clear()
    total.value = null
    facets.value = null
    fromTop()
  })
  watch([lists, sort, seconds, binned], fromTop, { deep: true })
  watchDebounced(search, fromTop, { debounce: 120 })

  const at = (index: number): Clip | undefined => pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  const current = computed(() => at(cursor.value))
  const selected = computed(() => selectedCount(selection.value, total.value ?? 0))

  function moveTo(index: number, extend = false): void {
    if (total.value === null || total.value === 0) return
    cursor.value = Math.max(0, Math.min(index, total.value - 1))
    if (extend) void selectRange(anchor, cursor.value)
    else {
      anchor = cursor.value
      selection.value = NOTHING
    }
  }
  let range = 0
  /** What is not in memory of a long range is asked for. */
  async function selectRange(from: number, to: number): Promise<void> {
    const mine = ++range
    const [first, last] = [Math.min(from, to), Math.max(from, to)]
    const known = Array.from({ length: Math.min(last - first + 1, IDS_LIMIT) }, (_, i) => at(first + i)?.id)
    if (known.every((id) => id !== undefined)) {
      selection.value = only(known)
      return
    }
    if (filter.value === null) return
    try {
      const ids = await client.clips.ids({ filter: filter.value, sort: sort.value, offset: first, limit: known.length })
      if (mine === range) selection.value = only(ids)
    } catch (cause) {
      if (mine === range && !isStopped(cause)) problem.value = shownError(cause)
    }
  }
  function toggle(index: number, next: (selection: Selection, id: number) => Selection): void {
    const clip = at(index)
    if (!clip) return
    const start = selection.value === NOTHING && current.value && current.value.id !== clip.id ? only([current.value.id]) : selection.value
    selection.value = next(start, clip.id)
    cursor.value = index
    anchor = index
  }

  /** What a key applies to: the selection, else the clip under the cursor. */
  const target = (): ClipSelection | null => {
    if (filter.value === null) return null
    const { dataset } = filter.value
    if (selected.value > 0)
      return selection.value.kind === 'some'
        ? { dataset, ids: [...selection.value.ids] }
        : { filter: filter.value, except: [...selection.value.ids] }
    return current.value ? { dataset, ids: [current.value.id] } : null
  }

  /** Shows a change at once; the rows that the program sends next replace it. */
  function patch(change: Partial<Pick<Clip, 'label' | 'split' | 'review' | 'speaker' | 'hard' | 'suggestion'>>): void {
    const one = selected.value === 0 ? current.value?.id : undefined
    for (const [page, rows] of pages) {
      if (!rows.some((c) => c.id === one || (one === undefined && isSelected(selection.value, c.id)))) continue
      pages.set(page, rows.map((c) => (c.id === one || (one === undefined && isSelected(selection.value, c.id)) ? { ...c, ...change } : c)))
    }
  }

  function clearFilter(): void {
    search.value = ''
    Object.assign(lists, noLists())
    seconds.value = { from: null, to: null }
  }

  /** Shows what a saved filter, or one that was pasted, shows. */
  function applyFilter(wanted: Omit<ClipFilter, 'dataset'>): void {
    search.value = wanted.search
    const { labels, splits, speakers, sessions, folders, reviews, quality, marks } = structuredClone(wanted)
    Object.assign(lists, { labels, splits, speakers, sessions, folders, reviews, quality, marks })
    seconds.value = { ...wanted.seconds }
    binned.value = wanted.binned
  }

  return {
    search, lists, seconds, binned, sort, total, facets, problem, cursor, selection, filter, isFiltered, current, selected,
    at, see, reload, moveTo, toggle, target, patch, clearFilter, applyFilter,
    selectAll: () => (selection.value = EVERYTHING),
    isChosen: (id: number): boolean => isSelected(selection.value, id),
    selectNothing: () => (selection.value = NOTHING),
  }
})

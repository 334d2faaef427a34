import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { BinSummary, Dataset, History, Label, LibraryInfo, SavedFilter } from '@contract'
import { useConnection } from '@/client/use-client.ts'
import { shownError, type ShownError } from '@/client/call-error.ts'
import { useToasts } from './toasts.ts'

/** The library as a whole: its datasets, the labels of the chosen one, and what can be undone. */
export const useLibrary = defineStore('library', () => {
  const { client, follow } = useConnection()
  const toasts = useToasts()
  const info = shallowRef<LibraryInfo | null>(null)
  const datasets = shallowRef<readonly Dataset[] | null>(null)
  const labels = shallowRef<readonly Label[]>([])
  const filters = shallowRef<readonly SavedFilter[]>([])
  const bin = shallowRef<BinSummary | null>(null)
  const history = shallowRef<History>({ undo: null, redo: null })
  const problem = shallowRef<ShownError | null>(null)
  const chosen = ref<number | null>(Number(localStorage.getItem('espectro.dataset')) || null)
  /** Goes up with every change of rows, ours or another window's. */
  const revision = ref(0)

  const dataset = computed(() => datasets.value?.find((d) => d.id === chosen.value) ?? null)
  const labelById = computed(() => new Map(labels.value.map((l) => [l.id, l])))

  let latest = 0
  async function refresh(): Promise<void> {
    const mine = ++latest
    try {
      const id = chosen.value
      const [nextInfo, nextDatasets, nextHistory, nextLabels, nextFilters] = await Promise.all([
        client.library.info(), client.datasets.list(), client.history.state(),
        id === null ? [] : client.labels.list({ dataset: id }).catch(() => []), id === null ? [] : client.filters.list({ dataset: id }),
      ])
      if (mine !== latest) return
      info.value = nextInfo
      datasets.value = nextDatasets
      history.value = nextHistory
      labels.value = nextLabels
      filters.value = nextFilters
      problem.value = null
      // Another one is chosen: its labels come with the refresh that follows.
      if (!nextDatasets.some((d) => d.id === id)) chosen.value = nextDatasets[0]?.id ?? null
    } catch (cause) {
      if (mine === latest) problem.value = shownError(cause)
    }
  }

  follow((signal) => client.library.changes(undefined, { signal }), () => {
    revision.value += 1
    void refresh()
  })
  watch(chosen, (id) => {
    if (id !== null) localStorage.setItem('espectro.dataset', String(id))
    void refresh()
  })

  /** What emptying the bin would free is asked for only where it is shown. */
  async function readBin(): Promise<void> {
    try {
      bin.value = await client.bin.summary()
    } catch (cause) {
      toasts.error(cause)
    }
  }

  const step = async (way: 'undo' | 'redo'): Promise<string | null> => {
    try {
      return (await client.history[way]()).name
    } catch (cause) {
      toasts.error(cause)
      return null
    }
  }
  return {
    info, datasets, dataset, chosen, labels, labelById, filters, bin, history, problem, revision, refresh, readBin,
    undo: () => step('undo'), redo: () => step('redo'),
  }
})

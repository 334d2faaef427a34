import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { MapEvent, MapReduction, MapSource, Predictions } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { fetchFloats, fetchInts } from '@/client/numbers.ts'
import { useClient } from '@/client/use-client.ts'
import { createPlane, type Plane } from '@/views/inspect/map/plane.ts'
import { useLibrary } from './library.ts'

export type MapColour = 'label' | 'split' | 'error' | 'speaker'
export const MAP_COLOURS: readonly MapColour[] = ['label', 'error', 'split', 'speaker']

interface Made {
  readonly dataset: number
  readonly plane: Plane
  /** Clip of each point. */
  readonly ids: Int32Array
  readonly skipped: number
  readonly variance: readonly number[]
  readonly layer: string | null
}

interface Row {
  readonly label: number
  /** 0 none, 1 train, 2 validation, 3 test. */
  readonly split: number
  /** Place in `speakers`, −1: none. */
  readonly speaker: number
}

/** The map of the chosen dataset, what its points are coloured by, and which are selected. It outlasts its view. */
export const useClipMap = defineStore('clip-map', () => {
  const client = useClient()
  const library = useLibrary()
  const of = ref<'features' | 'layer'>('layer')
  const frontEnd = ref('logmel-64x64')
  const layer = ref<string | null>(null)
  const method = ref<'umap' | 'pca'>('umap')
  const neighbours = ref(15)
  const minDist = ref(0.1)
  const seed = ref(1)
  const colour = ref<MapColour>('label')

  const made = shallowRef<Made | null>(null)
  const progress = shallowRef<Extract<MapEvent, { type: 'progress' }> | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  /** Null while nothing is being made. */
  const running = shallowRef<AbortController | null>(null)
  const rows = shallowRef<ReadonlyMap<number, Row>>(new Map())
  const speakers = shallowRef<readonly string[]>([])
  /** Of the run: true where it was right. Clips that it was not evaluated on are not there. */
  const right = shallowRef<ReadonlyMap<number, boolean>>(new Map())
  /** Points, not clips. */
  const selected = shallowRef<ReadonlySet<number>>(new Set())

  async function make(run: string): Promise<void> {
    const dataset = library.chosen
    if (dataset === null) return
    running.value?.abort()
    const stop = new AbortController()
    running.value = stop
    progress.value = null
    problem.value = null
    const source: MapSource = of.value === 'features' ? { kind: 'features', frontEnd: frontEnd.value } : { kind: 'layer', run, layer: layer.value }
    const reduction: MapReduction = method.value === 'pca' ? { method: 'pca' } : { method: 'umap', neighbours: neighbours.value, minDist: minDist.value, seed: seed.value }
    try {
      for await (const event of await client.maps.make({ dataset, of: source, reduction }, { signal: stop.signal })) {
        if (running.value !== stop) return
        if (event.type === 'progress') {
          progress.value = event
          continue
        }
        const [ids, positions] = await Promise.all([fetchInts(event.ids), fetchFloats(event.positions)])
        if (running.value !== stop) return
        selected.value = new Set()
        made.value = { dataset, plane: createPlane(positions), ids, skipped: event.skipped, variance: event.variance, layer: event.layer }
      }
    } catch (cause) {
      if (running.value === stop && !isStopped(cause) && !stop.signal.aborted) problem.value = shownError(cause)
    } finally {
      if (running.value === stop) running.value = null
    }
  }

  let latest = 0
  async function readRows(): Promise<void> {
    const dataset = library.chosen
    const mine = ++latest
    if (dataset === null) return
    try {
      const answer = await client.maps.clips({ dataset })
      const columns = await fetchInts(answer.columns)
      if (mine !== latest) return
      const found = new Map<number, Row>()
      for (let i = 0; i < columns.length; i += 4) found.set(columns[i]!, { label: columns[i + 1]!, split: columns[i + 2]!, speaker: columns[i + 3]! })
      rows.value = found
      speakers.value = answer.speakers
    } catch (cause) {
      if (mine === latest && !isStopped(cause)) problem.value = shownError(cause)
    }
  }

  /** A run that was evaluated on no side leaves it empty. */
  async function readResults(run: string): Promise<void> {
    const sides = await Promise.all((['validation', 'test'] as const).map((split) => client.runs.predictions({ run, split }).catch((): Predictions | null => null)))
    right.value = new Map(sides.flatMap((p) => (p ? p.id.map((id, i) => [id, p.label[i] === p.predicted[i]] as const) : [])))
  }

  watch(() => library.chosen, () => {
    running.value?.abort()
    running.value = null
    made.value = null
    selected.value = new Set()
  })

  const ids = computed(() => {
    const ids = made.value?.ids
    return ids ? [...selected.value].map((point) => ids[point]!) : []
  })
  return {
    of, frontEnd, layer, method, neighbours, minDist, seed, colour, made, progress, problem, rows, speakers, right, selected, make, readRows, readResults,
    isRunning: computed(() => running.value !== null),
    /** Of the selected clips. */
    selectedIds: ids,
    cancel: () => {
      running.value?.abort()
      running.value = null
    },
  }
})

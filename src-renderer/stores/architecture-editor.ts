import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { JsonObject, LayerType, Sketch, SketchRow } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { beginSteps, changed, redone, undone, type Steps } from '@/views/train/architecture/history.ts'
import { duplicateAt, freeName, insertAt, layerAt, listAt, moveTo, nextTo, placeKey, removeAt, replaceAt, rowsOf, samePlace, stepFrom, stepInto, type Layer, type Layers, type Place } from '@/views/train/architecture/tree.ts'
import { useLibrary } from './library.ts'
import { useToasts } from './toasts.ts'
import { useTrainingForm } from './training-form.ts'

interface Draft {
  readonly architecture: JsonObject
  readonly selected: Place | null
}
const KEPT = 'espectro.architecture'
const EMPTY: JsonObject = { name: 'own', title: 'Own', input: 'any', layers: [{ type: 'flatten' }, { type: 'linear', units: 'classes' }] }

/** The architecture that is being written: its layers, what they come to with the front end of the form, and what was before. */
export const useArchitectureEditor = defineStore('architectureEditor', () => {
  const client = useClient()
  const form = useTrainingForm()
  const library = useLibrary()
  const toasts = useToasts()
  const types = shallowRef<readonly LayerType[]>([])
  const activations = shallowRef<readonly string[]>([])
  const steps = shallowRef<Steps<Draft>>(beginSteps(readKept() ?? { architecture: EMPTY, selected: [0] }))
  const sketch = shallowRef<Sketch | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  /** As it was opened or saved. */
  const kept = ref('')

  const architecture = computed(() => steps.value.now.architecture)
  const layers = computed<Layers>(() => (Array.isArray(architecture.value['layers']) ? (architecture.value['layers'] as Layer[]) : []))
  const selected = computed(() => steps.value.now.selected)
  const selectedLayer = computed(() => (selected.value ? layerAt(layers.value, selected.value) : undefined))
  const rows = computed(() => rowsOf(layers.value))
  const name = computed(() => String(architecture.value['name'] ?? ''))
  const known = computed(() => form.choices?.architectures ?? [])
  const reserved = computed(() => known.value.some((a) => !a.own && a.name === name.value))
  const own = computed(() => known.value.find((a) => a.own && a.name === name.value))
  const unsaved = computed(() => JSON.stringify(architecture.value) !== kept.value && JSON.stringify(architecture.value) !== JSON.stringify(own.value?.spec))
  const typeOf = (layer: Layer | undefined): LayerType | undefined => types.value.find((t) => t.type === layer?.['type'])

  async function load(): Promise<void> {
    try {
      const found = await client.architectures.types()
      types.value = found.types
      activations.value = found.activations
      problem.value = null
    } catch (cause) {
      if (!isStopped(cause)) problem.value = shownError(cause)
    }
  }

  const frontEnd = computed(() => form.settings?.frontEnd ?? null)
  const classes = computed(() => Math.max(2, form.plan?.labels.length ?? 0))
  let asked = 0
  watchDebounced([architecture, frontEnd, classes], async () => {
    if (!frontEnd.value) return
    const mine = ++asked
    try {
      const found = await client.architectures.describe({ architecture: architecture.value, frontEnd: frontEnd.value, classes: classes.value })
      if (mine !== asked) return
      sketch.value = found
      problem.value = null
    } catch (cause) {
      if (mine === asked && !isStopped(cause)) problem.value = shownError(cause)
    }
  }, { deep: true, debounce: 100, maxWait: 400, immediate: true })
  watchDebounced(architecture, (now) => localStorage.setItem(KEPT, JSON.stringify(now)), { debounce: 300 })

  const told = computed(() => new Map(sketch.value?.rows.map((row) => [placeKey(row.place), row])))
  const rowAt = (place: Place): SketchRow | undefined => told.value.get(placeKey(place))
  const wrong = computed(() => sketch.value?.rows.filter((r) => r.problem) ?? [])

  const set = (next: Draft, mark: string | null = null): void => void (steps.value = changed(steps.value, next, mark))
  const setLayers = (next: Layers, place: Place | null, mark: string | null = null): void =>
    set({ architecture: { ...architecture.value, layers: next as Layer[] }, selected: place }, mark)
  /** Nothing to take back: looking is no change. */
  const select = (place: Place | null): void => {
    if (selected.value === place || (selected.value && place && samePlace(selected.value, place))) return
    steps.value = { ...steps.value, now: { ...steps.value.now, selected: place }, mark: null }
  }

  /** What is being written until now can be had back by undo. One that comes with Espectro gets a name of its own. */
  function open(spec: JsonObject): void {
    const copy = clone(spec)
    const given = String(copy['name'] ?? '')
    const builtIn = known.value.find((a) => !a.own && a.name === given)
    if (builtIn) {
      const taken = (wanted: string) => known.value.some((a) => a.name === wanted)
      copy['name'] = freeName(given, taken)
      copy['title'] = `${builtIn.title} ${/\d+$/.exec(copy['name'] as string)?.[0] ?? ''}`.trim()
      // The count in the paper is no longer this one's.
      delete copy['publishedParameters']
    }
    kept.value = JSON.stringify(copy)
    const next: Draft = { architecture: copy, selected: [0] }
    // The first one takes the place of nothing.
    if (architecture.value === EMPTY) steps.value = beginSteps(next)
    else set(next)
  }
  const startEmpty = (): void => open({ ...EMPTY, name: freeName('own', (n) => known.value.some((a) => a.name === n)) })

  /** A setting of the whole; undefined leaves it out. */
  function setWhole(setting: string, value: JsonObject[string] | undefined): void {
    const { [setting]: _, ...rest } = architecture.value
    set({ ...steps.value.now, architecture: value === undefined ? rest : { ...architecture.value, [setting]: value } }, `whole.${setting}`)
  }
  function setSetting(setting: string, value: JsonObject[string] | undefined): void {
    const [place, layer] = [selected.value, selectedLayer.value]
    if (!place || !layer) return
    const { [setting]: _, ...rest } = layer
    setLayers(replaceAt(layers.value, place, value === undefined ? rest : { ...layer, [setting]: value }), place, `${placeKey(place)}.${setting}`)
  }
  /** A new layer behind the chosen one, or as the first of a list that has none. */
  function add(type: string, into?: Place): void {
    const kind = types.value.find((t) => t.type === type)
    if (!kind) return
    const place = into ?? (selected.value ? nextTo(selected.value, 1) : [layers.value.length])
    setLayers(insertAt(layers.value, place, clone(kind.initial)), place)
  }
  /** Another type in its place; settings that both have stay. */
  function changeType(type: string): void {
    const [place, layer, kind] = [selected.value, selectedLayer.value, types.value.find((t) => t.type === type)]
    if (!place || !layer || !kind) return
    const shared = Object.fromEntries(Object.entries(layer).filter(([setting]) => setting === 'name' || typeOf(layer)?.fields.some((f) => f.name === setting && kind.fields.some((g) => g.name === f.name && g.kind === f.kind))))
    setLayers(replaceAt(layers.value, place, { ...clone(kind.initial), ...shared }), place)
  }
  function remove(place: Place): void {
    const next = removeAt(layers.value, place)
    const left = listAt(next, place).length
    const at = place.at(-1) as number
    const beside = left > 0 ? [...place.slice(0, -1), Math.min(at, left - 1)] : place.length > 1 ? place.slice(0, -2) : null
    setLayers(next, beside)
  }
  const duplicate = (place: Place): void => setLayers(duplicateAt(layers.value, place), nextTo(place, 1))
  function move(from: Place, to: Place | null): void {
    const moved = to && moveTo(layers.value, from, to)
    if (moved) setLayers(moved.layers, moved.place)
  }
  const step = (place: Place, by: -1 | 1): void => move(place, stepFrom(layers.value, place, by))
  const into = (place: Place): void => move(place, stepInto(layers.value, place))
  const outOf = (place: Place): void => move(place, place.length > 1 ? nextTo(place.slice(0, -2), 1) : null)

  async function setActivation(activation: string): Promise<void> {
    try {
      const found = await client.architectures.activation({ architecture: architecture.value, activation })
      set({ ...steps.value.now, architecture: found.architecture })
    } catch (cause) {
      toasts.error(cause)
    }
  }
  /** True where it is saved. */
  async function save(): Promise<boolean> {
    const saved = architecture.value
    try {
      await client.architectures.save({ architecture: saved })
      kept.value = JSON.stringify(saved)
      await form.refreshChoices()
      return true
    } catch (cause) {
      toasts.error(cause)
      return false
    }
  }
  async function removeSaved(): Promise<void> {
    try {
      await client.architectures.remove({ name: name.value })
      await form.refreshChoices()
    } catch (cause) {
      toasts.error(cause)
    }
  }

  void load()
  return {
    types, activations, architecture, layers, rows, selected, selectedLayer, sketch, problem, name, known, reserved, own, unsaved, wrong, library,
    frontEnd, classes,
    canUndo: computed(() => steps.value.past.length > 0),
    canRedo: computed(() => steps.value.future.length > 0),
    undo: () => void (steps.value = undone(steps.value)),
    redo: () => void (steps.value = redone(steps.value)),
    typeOf, rowAt, select, open, startEmpty, setWhole, setSetting, add, changeType, remove, duplicate, move, step, into, outOf, setActivation, save, removeSaved, load,
  }
})

const clone = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

function readKept(): Draft | null {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as JsonObject | null
    return found && Array.isArray(found['layers']) && typeof found['name'] === 'string' ? { architecture: found, selected: [0] } : null
  } catch {
    return null
  }
}

import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Clip, RegionSpan, Segments } from '@contract'
import { isStopped } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { useEditor } from './editor.ts'
import { useLibrary } from './library.ts'
import { useRoute } from './route.ts'
import { useToasts } from './toasts.ts'

/** Rows of one request, and the most that are drawn. */
const PAGE = 500
const MOST = 20_000
/** Milliseconds in which changes of one kind are one gesture: one undo takes them back. */
const GESTURE = 1200

export const SNAPS = ['none', 'zero', 'silence'] as const
export type Snap = (typeof SNAPS)[number]

/** Where a region is, seconds, and the frequencies it is about. */
export interface Place {
  readonly start: number
  readonly end: number
  readonly band: Clip['band']
}

/** The regions of the recording in the editor: its clips in the dataset, where they lie, and what changes them. */
export const useRegions = defineStore('regions', () => {
  const client = useClient()
  const editor = useEditor()
  const library = useLibrary()
  const route = useRoute()
  const toasts = useToasts()
  const list = shallowRef<readonly Clip[]>([])
  /** Others than the one that is open, for merging and deleting together. */
  const also = ref<ReadonlySet<number>>(new Set())
  const snap = ref<Snap>('none')
  /** A region that is being moved, before it is sent. */
  const moving = shallowRef<{ readonly id: number; readonly place: Place } | null>(null)
  /** Sounds that were found and are not regions yet. */
  const found = shallowRef<Segments | null>(null)

  const chosen = computed(() => list.value.filter((c) => c.id === editor.clip?.id || also.value.has(c.id)))
  const placeOf = (clip: Clip): Place =>
    moving.value?.id === clip.id ? moving.value.place : { start: clip.start / clip.sampleRate, end: clip.end / clip.sampleRate, band: clip.band }

  let placing = 0
  let question = 0
  async function load(): Promise<void> {
    const { dataset, recording } = editor
    const mine = ++question
    if (dataset === null || recording === null) return
    try {
      const all: Clip[] = []
      for (let total = 1; all.length < Math.min(total, MOST); ) {
        const answer = await client.recordings.clips({ dataset, recording: recording.id, offset: all.length, limit: PAGE })
        if (mine !== question) return
        total = answer.total
        all.push(...answer.clips)
        if (answer.clips.length === 0) break
      }
      list.value = all
      // What is still on its way to the program stays where the person put it.
      if (placing === 0) moving.value = null
      if ([...also.value].some((id) => !all.some((c) => c.id === id))) also.value = new Set([...also.value].filter((id) => all.some((c) => c.id === id)))
    } catch (cause) {
      if (mine === question && !isStopped(cause)) toasts.error(cause)
    }
  }
  watch([() => editor.recording?.id, () => editor.dataset], () => {
    list.value = []
    also.value = new Set()
    found.value = null
    void load()
  }, { immediate: true })
  watch(() => library.revision, () => void load())

  let gesture = { kind: '', at: 0, count: 0 }
  /** The same while changes of a kind follow one another closely. */
  function gestureOf(kind: string): string {
    const now = performance.now()
    const same = gesture.kind === kind && now - gesture.at < GESTURE
    gesture = { kind, at: now, count: same ? gesture.count : gesture.count + 1 }
    return `${kind}-${gesture.count}-${Math.round(performance.timeOrigin)}`
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (cause) {
      moving.value = null
      toasts.error(cause)
      return null
    }
  }
  const choose = (id: number): void => {
    const at = list.value.findIndex((c) => c.id === id)
    if (at >= 0) editor.turnTo(list.value[at]!, at)
    route.go('editor', id)
  }
  function chooseAlso(id: number): void {
    const next = new Set(also.value)
    if (!next.delete(id)) next.add(id)
    also.value = next
  }

  const snapped = async (recording: string, at: number): Promise<number> =>
    snap.value === 'none' ? at : (await client.regions.snap({ recording, at, to: snap.value })).at

  async function create(place: Place, label: number | null): Promise<void> {
    const { dataset, recording } = editor
    if (dataset === null || recording === null) return
    const ids = await attempt(async () => {
      const [start, end] = await Promise.all([snapped(recording.id, editor.toSample(place.start)), snapped(recording.id, editor.toSample(place.end))])
      return (await client.regions.create({ dataset, recording: recording.id, spans: [{ start, end: Math.max(start + 1, end), band: place.band }], label })).ids
    })
    if (!ids?.[0]) return
    editor.selection = null
    choose(ids[0])
  }
  async function createAll(spans: readonly RegionSpan[], label: number | null): Promise<number> {
    const { dataset, recording } = editor
    if (dataset === null || recording === null || spans.length === 0) return 0
    const made = await attempt(() => client.regions.create({ dataset, recording: recording.id, spans: [...spans], label }))
    return made?.ids.length ?? 0
  }
  /** Sends where a region now is; edges that moved are drawn to a quiet place where the person wants that. */
  async function place(clip: Clip, wanted: Place, kind = `place-${clip.id}`): Promise<void> {
    const { dataset } = editor
    if (dataset === null) return
    moving.value = { id: clip.id, place: wanted }
    const token = gestureOf(kind)
    placing += 1
    await attempt(async () => {
      const [start, end] = await Promise.all(
        [[wanted.start, clip.start], [wanted.end, clip.end]].map(async ([time, before]) => {
          const sample = editor.toSample(time!)
          return sample === before ? sample : await snapped(clip.recording, sample)
        }),
      )
      await client.regions.place({ dataset, clip: clip.id, start: start!, end: end!, band: wanted.band, gesture: token })
    })
    placing -= 1
    if (placing === 0) void load()
  }
  /** Moves the open region, or one edge of it, by seconds. */
  function nudge(by: number, edges: 'both' | 'start' | 'end'): void {
    const clip = editor.clip
    if (!clip || !editor.recording) return
    const at = placeOf(clip)
    const length = at.end - at.start
    const start = edges === 'end' ? at.start : Math.max(0, Math.min(at.start + by, edges === 'both' ? editor.duration - length : at.end - 1 / clip.sampleRate))
    const end = edges === 'start' ? at.end : edges === 'both' ? start + length : Math.min(editor.duration, Math.max(at.end + by, at.start + 1 / clip.sampleRate))
    void place(clip, { start, end, band: at.band }, `nudge-${edges}-${clip.id}`)
  }
  async function split(at: number): Promise<void> {
    const { dataset } = editor
    const sample = editor.toSample(at)
    const clip = chosen.value.find((c) => c.start < sample && sample < c.end) ?? list.value.find((c) => c.start < sample && sample < c.end)
    if (dataset === null || !clip) return
    const parts = await attempt(async () => client.regions.split({ dataset, clip: clip.id, at: await snapped(clip.recording, sample) }))
    if (parts) choose(parts.ids[1])
  }
  /** The chosen ones; of a single one, it and the next. */
  async function merge(): Promise<void> {
    const { dataset, clip } = editor
    if (dataset === null || !clip) return
    const next = list.value.find((c) => c.id !== clip.id && c.start >= clip.start && (c.start > clip.start || c.end > clip.end))
    const ids = chosen.value.length > 1 ? chosen.value.map((c) => c.id) : next ? [clip.id, next.id] : []
    if (ids.length < 2) return
    const merged = await attempt(() => client.regions.merge({ dataset, clips: ids }))
    also.value = new Set()
    if (merged) choose(merged.id)
  }
  const targets = () => ({ dataset: editor.dataset!, ids: chosen.value.map((c) => c.id) })
  async function remove(): Promise<void> {
    if (chosen.value.length > 0) await attempt(() => client.clips.bin({ clips: targets() }))
  }
  async function setLabel(label: number | null): Promise<void> {
    if (chosen.value.length > 0) await attempt(() => client.clips.setLabel({ clips: targets(), label }))
  }

  return {
    list, also, snap, moving, found, chosen, placeOf, choose, chooseAlso, create, createAll, place, nudge, split, merge, remove, setLabel, gestureOf, attempt, targets,
  }
})

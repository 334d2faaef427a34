import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Clip, Recording } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { clearMarks } from '@/views/editor/frame.ts'
import { useLibrary } from './library.ts'
import { useRoute } from './route.ts'
import { clampRange, movedRange, revealing, spanOf, zoomedRange, type TimeRange } from '@/views/editor/time-axis.ts'

/** What the person marked: a span of time, on the spectrogram also a band of frequencies. */
export interface EditorSelection extends TimeRange {
  /** Hz */
  readonly band: { readonly low: number; readonly high: number } | null
}

/** Zooming in ends where this many samples fill the width. */
const FEWEST_SAMPLES = 16
/** Of the clip's length, shown on each side when a part of a longer recording is opened. */
const MARGIN = 0.15

/**
 * The recording in the editor: what of it is in sight, where the cursor stands, what is selected. All times are
 * seconds from the recording's start; `toSample` gives whole samples. What draws or edits on the stage reads this.
 */
export const useEditor = defineStore('editor', () => {
  const client = useClient()
  const library = useLibrary()
  const route = useRoute()
  const dataset = ref<number | null>(null)
  const clip = shallowRef<Clip | null>(null)
  const recording = shallowRef<Recording | null>(null)
  /** The clip's place in the list of the recording's clips. */
  const place = ref(0)
  const problem = shallowRef<ShownError | null>(null)
  const range = shallowRef<TimeRange>({ start: 0, end: 1 })
  /** Width of the stage, CSS pixels. */
  const width = ref(1)
  const cursor = ref(0)
  const selection = shallowRef<EditorSelection | null>(null)

  const duration = computed(() => recording.value?.seconds ?? 1)
  const sampleRate = computed(() => recording.value?.sampleRate ?? 1)
  const shortest = computed(() => FEWEST_SAMPLES / sampleRate.value)
  const pixelsPerSecond = computed(() => width.value / spanOf(range.value))
  const clipRange = computed<TimeRange | null>(() =>
    clip.value && { start: clip.value.start / clip.value.sampleRate, end: clip.value.end / clip.value.sampleRate })

  const xOf = (time: number): number => (time - range.value.start) * pixelsPerSecond.value
  const timeAt = (x: number): number => range.value.start + x / pixelsPerSecond.value
  const toSample = (time: number): number => Math.max(0, Math.min(recording.value?.frames ?? 0, Math.round(time * sampleRate.value)))
  const inside = (time: number): number => Math.max(0, Math.min(duration.value, time))

  const show = (wanted: TimeRange): void => {
    const next = clampRange(wanted, duration.value, shortest.value)
    if (next.start !== range.value.start || next.end !== range.value.end) range.value = next
  }
  const zoom = (factor: number, at = (range.value.start + range.value.end) / 2): void => {
    // At either end the time under the pointer would drift: nothing moves there.
    const span = Math.min(duration.value, Math.max(shortest.value, spanOf(range.value) * factor))
    show(zoomedRange(range.value, span / spanOf(range.value), at))
  }
  const scroll = (seconds: number): void => show(movedRange(range.value, seconds))
  const fit = (): void => show({ start: 0, end: duration.value })
  const fitClip = (): void => {
    if (!clipRange.value) return
    const margin = MARGIN * spanOf(clipRange.value)
    show({ start: clipRange.value.start - margin, end: clipRange.value.end + margin })
  }
  const zoomToSelection = (): void => {
    if (selection.value) show(selection.value)
    else fitClip()
  }
  const moveCursor = (time: number, reveal = true): void => {
    cursor.value = inside(time)
    if (reveal) show(revealing(range.value, cursor.value))
  }
  /** Between any two times (and frequencies); nothing where they are less than a sample apart. */
  const select = (from: number, to: number, band: EditorSelection['band'] = null): void => {
    const [start, end] = [inside(Math.min(from, to)), inside(Math.max(from, to))]
    selection.value = (end - start) * sampleRate.value < 1 ? null : { start, end, band }
  }

  let latest = 0
  /** Another clip of the recording that is open: here at once, so that the next key is already about it. */
  function turnTo(next: Clip, at: number): void {
    latest += 1
    problem.value = null
    clip.value = next
    place.value = at
    selection.value = null
    cursor.value = next.start / next.sampleRate
    const span = clipRange.value!
    // What is in sight whole leaves the view alone.
    if (span.start < range.value.start || span.end > range.value.end) fitClip()
  }
  async function open(id: number): Promise<void> {
    const mine = ++latest
    problem.value = null
    performance.mark('editor:open')
    try {
      const opened = await client.recordings.open({ clip: id })
      if (mine !== latest) return
      const same = recording.value?.id === opened.recording.id
      if (!same) clearMarks()
      dataset.value = opened.dataset
      // Its labels, and what undo tells of, are those of its dataset.
      library.chosen = opened.dataset
      recording.value = opened.recording
      turnTo(opened.clip, opened.place)
      if (!same) fitClip()
    } catch (cause) {
      if (mine === latest && !isStopped(cause)) problem.value = shownError(cause)
    }
  }

  function clear(): void {
    latest += 1
    clip.value = null
    recording.value = null
    selection.value = null
    problem.value = null
  }

  /** The clip of the recording that begins nearest to one that is gone. */
  async function neighbour(gone: Clip): Promise<number | null> {
    if (dataset.value === null) return null
    const { clips } = await client.recordings.clips({ dataset: dataset.value, recording: gone.recording, offset: 0, limit: 500 }).catch(() => ({ clips: [] }))
    const [first] = clips.toSorted((a, b) => Math.abs(a.start - gone.start) - Math.abs(b.start - gone.start))
    return first?.id ?? null
  }

  /** Reads the clip's row again: its span, label or place may have changed. */
  async function refresh(): Promise<void> {
    const mine = latest
    if (!clip.value) return
    try {
      const opened = await client.recordings.open({ clip: clip.value.id })
      // Another clip was turned to meanwhile: it is its row that counts.
      if (mine !== latest) return await refresh()
      clip.value = opened.clip
      place.value = opened.place
      recording.value = opened.recording
    } catch (cause) {
      if (mine !== latest || isStopped(cause)) return
      // It was deleted, or its making was undone: its neighbour, so that the recording stays in sight.
      const next = cause instanceof Error && 'code' in cause && cause.code === 'NOT_FOUND' ? await neighbour(clip.value) : null
      if (mine !== latest) return
      if (next === null) problem.value = shownError(cause)
      else route.go('editor', next)
    }
  }

  return {
    dataset, clip, place, recording, problem, range, width, cursor, selection, duration, sampleRate, pixelsPerSecond, clipRange,
    xOf, timeAt, toSample, show, zoom, scroll, fit, fitClip, zoomToSelection, moveCursor, select, turnTo, open, clear, refresh,
  }
})

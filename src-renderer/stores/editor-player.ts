import { useRafFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { clipAudioUrl, reversedAudioUrl } from '@contract'
import { createBandFilter } from '@/views/editor/playback/band-filter.ts'
import { createScrubber } from '@/views/editor/playback/scrubber.ts'
import { spanOf, type TimeRange } from '@/views/editor/time-axis.ts'
import { useEditor } from './editor.ts'
import { useToasts } from './toasts.ts'

export const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const
/** Faster than this nothing can be followed; the browser's own limit is 16. */
const FASTEST = 16

interface Playing extends TimeRange {
  readonly backwards: boolean
}

/**
 * The sound of the editor: any span of the recording, forwards or backwards. What is played is one address, which the
 * browser reads in parts as it goes; a span's end is the sound's end, so that it stops at the sample.
 */
export const useEditorPlayer = defineStore('editorPlayer', () => {
  const editor = useEditor()
  const toasts = useToasts()
  const audio = new Audio()
  const filter = createBandFilter(audio)
  const scrubber = createScrubber()
  const span = shallowRef<Playing | null>(null)
  /** Where it plays, seconds of the recording; null while it is silent. */
  const position = ref<number | null>(null)
  const speed = ref(1)
  const keepPitch = ref(true)
  const loop = ref(false)
  /** Plays only the frequencies of a selected band. */
  const bandOnly = ref(true)
  /** J and L pressed again: how many times the speed. */
  const shuttle = ref(1)

  const band = computed(() => (bandOnly.value ? (editor.selection?.band ?? null) : null))
  const apply = (): void => {
    audio.playbackRate = Math.min(FASTEST, Math.max(0.1, speed.value * shuttle.value))
    audio.preservesPitch = keepPitch.value
    audio.loop = loop.value && shuttle.value === 1
    filter.set(band.value, editor.sampleRate / 2)
  }
  watch([speed, keepPitch, loop, shuttle, band], apply)

  const follow = useRafFn(() => {
    if (!span.value) return
    const { start, end, backwards } = span.value
    const now = backwards ? end - audio.currentTime : start + audio.currentTime
    position.value = Math.max(start, Math.min(end, now))
    const { range } = editor
    // A page further when it leaves the picture, as one reads.
    if (now > range.end || now < range.start) {
      const room = 0.05 * spanOf(range)
      editor.show({ start: backwards ? now + room - spanOf(range) : now - room, end: backwards ? now + room : now - room + spanOf(range) })
    }
  }, { immediate: false })

  function silence(): void {
    audio.pause()
    follow.pause()
    span.value = null
    position.value = null
    shuttle.value = 1
    // Else the browser reads on to fill its buffer.
    audio.removeAttribute('src')
    audio.load()
  }
  audio.addEventListener('ended', silence)
  audio.addEventListener('error', () => {
    if (span.value) toasts.error(new Error(audio.error?.message || 'error'))
    silence()
  })

  async function play({ start, end }: TimeRange, backwards = false): Promise<void> {
    const { recording } = editor
    if (!recording) return
    const samples = { recording: recording.id, start: editor.toSample(start), end: Math.max(editor.toSample(start) + 1, editor.toSample(end)) }
    if (samples.end > recording.frames) return
    span.value = { start: samples.start / recording.sampleRate, end: samples.end / recording.sampleRate, backwards }
    audio.src = backwards ? reversedAudioUrl(samples) : clipAudioUrl(samples)
    apply()
    follow.resume()
    try {
      await filter.wake()
      await audio.play()
    } catch (cause) {
      // A newer sound took its place.
      if (cause instanceof DOMException && cause.name === 'AbortError') return
      silence()
      toasts.error(cause)
    }
  }

  /** What Space plays: the selection; else from the cursor to the end of the clip, or of the recording beyond it. */
  function wanted(): TimeRange {
    if (editor.selection) return editor.selection
    const clip = editor.clipRange
    const { cursor, duration } = editor
    const last = 1 / editor.sampleRate
    if (clip && cursor >= clip.start - last && cursor < clip.end - last) return { start: cursor, end: clip.end }
    if (clip && Math.abs(cursor - clip.end) <= last) return clip
    return cursor < duration - last ? { start: cursor, end: duration } : { start: 0, end: duration }
  }
  /** Stops, and the cursor stays where the sound was. */
  function pause(): void {
    const at = position.value
    silence()
    if (at !== null) editor.moveCursor(at, false)
  }
  function shuttleBy(backwards: boolean): void {
    if (span.value && span.value.backwards === backwards) {
      shuttle.value = Math.min(FASTEST / speed.value, shuttle.value * 2)
      return
    }
    const at = position.value ?? editor.cursor
    silence()
    void play(backwards ? { start: 0, end: at > 0 ? at : editor.duration } : { start: at < editor.duration ? at : 0, end: editor.duration }, backwards)
  }
  watch(() => editor.recording?.id, silence)

  return {
    span, position, speed, keepPitch, loop, bandOnly, shuttle,
    playing: computed(() => span.value !== null),
    play, pause, stop: silence,
    toggle: () => (span.value ? silence() : void play(wanted())),
    forward: () => shuttleBy(false),
    backward: () => shuttleBy(true),
    scrub: (time: number) => editor.recording && void scrubber.play(editor.recording, time),
  }
})

import { useEventListener } from '@vueuse/core'
import { ref, shallowRef, type Ref } from 'vue'
import { useEditor } from '@/stores/editor.ts'
import { hzAt, type Pane } from './panes.ts'
import { spanOf } from './time-axis.ts'

export interface StagePointer {
  readonly pane: Pane['kind']
  /** CSS pixels in the pane. */
  readonly x: number
  readonly y: number
  /** Hz; null over the waveform. */
  readonly hz: number | null
}
interface Place extends StagePointer {
  /** Seconds, as the picture is now: it may move under a pointer that rests. */
  readonly time: number
}

/** Where the pointer is, for both panes and the readout: one pointer, one place. */
const pointer = shallowRef<StagePointer | null>(null)
export const useStageReadout = (): Readonly<Ref<StagePointer | null>> => pointer

/** Pixels that a press may wander and still be a click. */
const CLICK = 3
/** A notch of the wheel shows this much more or less. */
const ZOOM_A_PIXEL = 1.0022

/** Drag selects (on the spectrogram time and band), a click puts the cursor, double click selects the clip; the wheel scrolls and zooms. */
export function useStagePointer(surface: Ref<HTMLElement | null>, pane: Ref<Pane>): { pointer: Readonly<Ref<StagePointer | null>> } {
  const editor = useEditor()
  const pressed = ref<{ x: number; y: number; time: number; hz: number | null } | null>(null)

  function placeOf(event: MouseEvent): Place {
    const box = surface.value!.getBoundingClientRect()
    const x = event.clientX - box.left
    const y = event.clientY - box.top
    const { kind, frequency, height } = pane.value
    return { pane: kind, x, y, time: editor.timeAt(x), hz: frequency ? hzAt(pane.value, Math.max(0, Math.min(height, y))) : null }
  }

  useEventListener(surface, 'pointerdown', (event: PointerEvent) => {
    if (event.button !== 0) return
    const place = placeOf(event)
    // Shift extends what is selected, or the way from the cursor.
    const anchor = event.shiftKey ? (editor.selection && Math.abs(place.time - editor.selection.start) < Math.abs(place.time - editor.selection.end) ? editor.selection.end : (editor.selection?.start ?? editor.cursor)) : place.time
    pressed.value = { x: place.x, y: place.y, time: anchor, hz: event.shiftKey ? null : place.hz }
    if (event.shiftKey) editor.select(anchor, place.time, editor.selection?.band ?? null)
    surface.value?.setPointerCapture(event.pointerId)
  })
  useEventListener(surface, 'pointermove', (event: PointerEvent) => {
    const place = placeOf(event)
    pointer.value = place
    const from = pressed.value
    if (!from || Math.hypot(place.x - from.x, place.y - from.y) < CLICK) return
    const tall = from.hz !== null && place.hz !== null && Math.abs(place.y - from.y) > 2 * CLICK
    editor.select(from.time, place.time, tall ? { low: Math.min(from.hz!, place.hz!), high: Math.max(from.hz!, place.hz!) } : null)
  })
  useEventListener(surface, ['pointerup', 'pointercancel'], (event: PointerEvent) => {
    const from = pressed.value
    pressed.value = null
    if (!from || event.type === 'pointercancel') return
    const place = placeOf(event)
    if (Math.hypot(place.x - from.x, place.y - from.y) >= CLICK || event.shiftKey) {
      if (editor.selection) editor.moveCursor(editor.selection.start, false)
      return
    }
    editor.selection = null
    editor.moveCursor(place.time, false)
  })
  useEventListener(surface, 'pointerleave', () => (pointer.value = null))
  useEventListener(surface, 'dblclick', () => {
    if (editor.clipRange) editor.select(editor.clipRange.start, editor.clipRange.end)
  })
  useEventListener(surface, 'wheel', (event: WheelEvent) => {
    event.preventDefault()
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
    if (event.ctrlKey || event.metaKey) editor.zoom(ZOOM_A_PIXEL ** (event.deltaY * lines), placeOf(event).time)
    else {
      const pixels = (event.deltaX || event.deltaY) * lines
      editor.scroll((pixels / Math.max(1, editor.width)) * spanOf(editor.range))
    }
    pointer.value = placeOf(event)
  }, { passive: false })

  return { pointer }
}

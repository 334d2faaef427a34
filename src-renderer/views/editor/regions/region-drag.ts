import type { Clip } from '@contract'
import { useEditor } from '@/stores/editor.ts'
import { useRegions, type Place } from '@/stores/regions.ts'
import { hzAt, type Pane } from '../panes.ts'

/** What of a region is held. */
export type Grip = 'move' | 'start' | 'end' | 'low' | 'high'

/** Pixels that a press may wander and still be a click. */
const CLICK = 3

/** Drags a region or an edge of it: shown at once, sent when it is let go. A click on it opens it. */
export function useRegionDrag(pane: () => Pane): { start(event: PointerEvent, clip: Clip, grip: Grip): void } {
  const editor = useEditor()
  const regions = useRegions()

  function moved(from: Place, grip: Grip, seconds: number, y: number, clip: Clip): Place {
    const sample = 1 / clip.sampleRate
    const length = from.end - from.start
    switch (grip) {
      case 'move': {
        const start = Math.max(0, Math.min(editor.duration - length, from.start + seconds))
        return { ...from, start, end: start + length }
      }
      case 'start':
        return { ...from, start: Math.max(0, Math.min(from.end - sample, from.start + seconds)) }
      case 'end':
        return { ...from, end: Math.min(editor.duration, Math.max(from.start + sample, from.end + seconds)) }
      case 'low':
      case 'high': {
        if (!from.band) return from
        const hz = Math.max(0, Math.min(clip.sampleRate / 2, hzAt(pane(), y)))
        return { ...from, band: grip === 'low' ? { ...from.band, low: Math.min(hz, from.band.high - 1) } : { ...from.band, high: Math.max(hz, from.band.low + 1) } }
      }
    }
  }

  return {
    start(event, clip, grip) {
      if (event.button !== 0) return
      const handle = event.currentTarget as HTMLElement
      const surface = handle.closest('[data-regions]')!.getBoundingClientRect()
      const from = regions.placeOf(clip)
      const { clientX, clientY } = event
      let last: Place | null = null
      handle.setPointerCapture(event.pointerId)
      const stop = new AbortController()
      const { signal } = stop
      handle.addEventListener('pointermove', (now) => {
        const [dx, dy] = [now.clientX - clientX, now.clientY - clientY]
        if (last === null && Math.hypot(dx, dy) < CLICK) return
        last = moved(from, grip, dx / editor.pixelsPerSecond, now.clientY - surface.top, clip)
        regions.moving = { id: clip.id, place: last }
      }, { signal })
      handle.addEventListener('pointerup', () => {
        stop.abort()
        if (last) void regions.place(clip, last, `drag-${clip.id}-${Math.round(performance.now())}`)
        if (clip.id !== editor.clip?.id) regions.choose(clip.id)
      }, { signal })
      handle.addEventListener('pointercancel', () => {
        stop.abort()
        regions.moving = null
      }, { signal })
    },
  }
}

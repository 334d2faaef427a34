import { onScopeDispose, watch, type WatchSource } from 'vue'

/**
 * Draws once a frame at most, after something of `sources` changed. Everything on the stage draws in the same frame, so
 * that waveform, spectrogram and rulers never show two different times.
 */
export function useDrawing(draw: () => void, sources: WatchSource | WatchSource[]): { again(): void } {
  let asked = 0
  const again = (): void => {
    if (asked === 0)
      asked = requestAnimationFrame(() => {
        asked = 0
        draw()
      })
  }
  watch(sources, again, { immediate: true, flush: 'sync' })
  onScopeDispose(() => cancelAnimationFrame(asked))
  return { again }
}

/** Makes a canvas as large as its place, in device pixels; false where it has no size yet. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): boolean {
  const w = Math.round(width * ratio)
  const h = Math.round(height * ratio)
  if (w === 0 || h === 0) return false
  if (canvas.width !== w) canvas.width = w
  if (canvas.height !== h) canvas.height = h
  return true
}

/** A colour of the theme, as the browser resolved it. */
export const themeColour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--c-${name}`)

/** Says to whoever measures when something of a recording was drawn first. */
export function markOnce(name: string): void {
  if (performance.getEntriesByName(name, 'mark').length === 0) performance.mark(name)
}
export function clearMarks(): void {
  for (const name of ['editor:waveform', 'editor:spectrogram', 'editor:whole']) performance.clearMarks(name)
}

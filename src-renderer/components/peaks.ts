import { clipPeaksUrl, type MediaSpan } from '@contract'

/** Pictures kept in memory; 2 bytes a bin. */
const KEPT = 2000
const kept = new Map<string, Int8Array>()

export const keptPeaks = (span: MediaSpan, bins: number): Int8Array | undefined => kept.get(clipPeaksUrl(span, bins))

/** Lowest and highest sample of each bin, × 127. Rejects where the recording cannot be read. */
export async function fetchPeaks(span: MediaSpan, bins: number, signal: AbortSignal): Promise<Int8Array> {
  const address = clipPeaksUrl(span, bins)
  const response = await fetch(address, { signal })
  if (!response.ok) throw new Error((await response.text()).trim())
  const peaks = new Int8Array(await response.arrayBuffer())
  kept.set(address, peaks)
  const oldest = kept.size > KEPT ? kept.keys().next().value : undefined
  if (oldest !== undefined) kept.delete(oldest)
  return peaks
}

export interface WaveStyle {
  readonly played: string
  readonly rest: string
  /** Part of the width that has been played, 0 to 1. */
  readonly progress: number
}

let known: { readonly theme: string; readonly played: string; readonly idle: string } | null = null
/** Asking the page for its colours is slow: once a theme. */
export function waveColours(theme: string): { readonly played: string; readonly idle: string } {
  if (known?.theme === theme) return known
  const colours = getComputedStyle(document.documentElement)
  known = { theme, played: colours.getPropertyValue('--c-wave'), idle: colours.getPropertyValue('--c-wave-idle') }
  return known
}

/** Draws one bar a bin, mirrored as it is: a quiet line where there is silence. Width and height in device pixels. */
export function drawPeaks(context: CanvasRenderingContext2D, peaks: Int8Array, width: number, height: number, style: WaveStyle): void {
  context.clearRect(0, 0, width, height)
  const bins = peaks.length / 2
  const step = width / bins
  const bar = Math.max(1, step * 0.7)
  const middle = height / 2
  // A soft voice must still be seen: scaled to the clip's own peak, but noise alone is not blown up.
  const peak = Math.max(24, peaks.reduce((most, value) => Math.max(most, Math.abs(value)), 0))
  let last = ''
  for (let bin = 0; bin < bins; bin++) {
    const low = (peaks[2 * bin]! / peak) * (middle - 1)
    const high = (peaks[2 * bin + 1]! / peak) * (middle - 1)
    const colour = (bin + 0.5) / bins <= style.progress ? style.played : style.rest
    if (bin === 0 || colour !== last) context.fillStyle = last = colour
    context.fillRect(bin * step, middle - high, bar, Math.max(1, high - low))
  }
}

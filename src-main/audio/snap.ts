/** Seconds to each side within which an edge is drawn to a place. */
export const SNAP_REACH = { zero: 0.02, silence: 0.25 } as const
export type SnapTo = keyof typeof SNAP_REACH

/** Seconds of the frames of which the quietest is looked for. */
const QUIET_FRAME = 0.01

/**
 * The place nearest to `at` (an index into `samples`) where a cut makes no click: a zero crossing, or the middle of the
 * quietest 10 ms. `at` itself where there is none.
 */
export function snap(samples: Float32Array, sampleRate: number, at: number, to: SnapTo): number {
  return to === 'zero' ? nearestZero(samples, at) : quietestPlace(samples, sampleRate, at)
}

/** Between two samples of unlike sign the cut falls before the second; a sample of exactly zero is a crossing. */
function nearestZero(samples: Float32Array, at: number): number {
  const crosses = (i: number): boolean =>
    i === 0 || i === samples.length ? false : samples[i] === 0 || samples[i - 1]! < 0 !== samples[i]! < 0
  for (let reach = 0; reach <= samples.length; reach++) {
    if (at - reach > 0 && crosses(at - reach)) return at - reach
    if (at + reach < samples.length && crosses(at + reach)) return at + reach
  }
  return at
}

/** Of equally quiet places the nearest. */
function quietestPlace(samples: Float32Array, sampleRate: number, at: number): number {
  const size = Math.min(samples.length, Math.max(1, Math.round(QUIET_FRAME * sampleRate)))
  let power = 0
  for (let i = 0; i < size; i++) power += samples[i]! ** 2
  let best = at
  let lowest = Infinity
  for (let start = 0; start + size <= samples.length; start++) {
    const middle = start + Math.floor(size / 2)
    const rounded = Math.max(0, power)
    if (rounded < lowest || (rounded === lowest && Math.abs(middle - at) < Math.abs(best - at))) {
      lowest = rounded
      best = middle
    }
    power += (samples[start + size] ?? 0) ** 2 - samples[start]! ** 2
  }
  return best
}

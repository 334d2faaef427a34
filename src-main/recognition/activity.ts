/**
 * Where a recording holds more than its background. A model that was never shown silence must call it
 * something; windows without activity are therefore given no say.
 */

/** Level of each frame of 20 ms, dBFS (a full-scale square wave is 0), not under −120. */
export function frameLevels(samples: Float32Array, sampleRate: number): Float32Array {
  const size = Math.max(1, Math.round(0.02 * sampleRate))
  return Float32Array.from({ length: Math.ceil(samples.length / size) }, (_, f) => {
    const end = Math.min(samples.length, (f + 1) * size)
    let sum = 0
    for (let i = f * size; i < end; i++) sum += samples[i]! * samples[i]!
    return 10 * Math.log10(Math.max(1e-12, sum / (end - f * size)))
  })
}

/** The level under which a tenth of the frames lies: the background, where there are any pauses. */
export function backgroundLevel(levels: Float32Array): number {
  const sorted = Float32Array.from(levels).sort()
  return sorted[Math.floor((sorted.length - 1) * 0.1)] ?? -120
}

/**
 * For each window: does a frame in its middle half stand `gate` dB above the background (and above −70 dBFS)?
 * The middle half, because it is the label of the window's middle that a detection uses.
 */
export function activeWindows(
  levels: Float32Array,
  plan: { readonly windows: number; readonly hop: number; readonly length: number },
  gate: number,
): boolean[] {
  const floor = Math.max(backgroundLevel(levels) + gate, -70)
  return Array.from({ length: plan.windows }, (_, w) => {
    const from = Math.floor((w * plan.hop + 0.25 * plan.length) / 0.02)
    const to = Math.ceil((w * plan.hop + 0.75 * plan.length) / 0.02)
    return levels.subarray(from, to).some((level) => level >= floor)
  })
}

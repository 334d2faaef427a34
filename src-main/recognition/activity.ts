/**
 * Where a recording holds more than its background. A model that was never shown silence must call it
 * something; windows without activity are therefore given no say.
 */

export interface LevelMeter {
  /** The next samples of the recording. */
  push(samples: Float32Array): void
  /** Level of each frame so far, dBFS (a full-scale square wave is 0), not under −120. */
  levels(): Float32Array
  /** Seconds of one frame: about 0.02. */
  readonly frame: number
}

export function createLevelMeter(sampleRate: number): LevelMeter {
  const size = Math.max(1, Math.round(0.02 * sampleRate))
  const levels: number[] = []
  let sum = 0
  let count = 0
  const level = () => 10 * Math.log10(Math.max(1e-12, sum / count))
  return {
    frame: size / sampleRate,
    push(samples) {
      for (let i = 0; i < samples.length; i++) {
        sum += samples[i]! * samples[i]!
        if (++count < size) continue
        levels.push(level())
        sum = count = 0
      }
    },
    levels: () => Float32Array.from(count > 0 ? [...levels, level()] : levels),
  }
}

/** The level under which a tenth of the frames lies: the background, where there are any pauses. */
export function backgroundLevel(levels: Float32Array): number {
  const sorted = Float32Array.from(levels).sort()
  return sorted[Math.floor((sorted.length - 1) * 0.1)] ?? -120
}

/**
 * For each window: does a frame in its middle half stand `gate` dB above the background (and above −70 dBFS)?
 * The middle half, because it is the label of the window's middle that a detection uses. All times in seconds.
 */
export function activeWindows(
  { levels, frame }: { readonly levels: Float32Array; readonly frame: number },
  plan: { readonly windows: number; readonly hop: number; readonly length: number },
  gate: number,
): boolean[] {
  const floor = Math.max(backgroundLevel(levels) + gate, -70)
  return Array.from({ length: plan.windows }, (_, w) => {
    const from = Math.floor((w * plan.hop + 0.25 * plan.length) / frame)
    const to = Math.ceil((w * plan.hop + 0.75 * plan.length) / frame)
    return levels.subarray(from, to).some((level) => level >= floor)
  })
}

/** The level of what the microphone hears now, in dBFS, and whether it was too loud a moment ago. */
export interface Level {
  readonly peak: number
  readonly rms: number
  readonly clipped: boolean
}

export const SILENCE: Level = { peak: -120, rms: -120, clipped: false }
/** Full scale of 16 bits, less one step: a converter that runs out of range stays there. */
const FULL = 0.999
/** The peak falls back so fast, dB a second: the eye follows it. */
const FALL = 24
/** Seconds that the clip light stays on. */
const LIGHT = 1.5

/** Follows the pieces of sound as they come. */
export function createMeter(): (samples: Float32Array, seconds: number) => Level {
  let held = -120
  let light = 0
  return (samples, seconds) => {
    let [peak, power] = [0, 0]
    for (const x of samples) {
      peak = Math.max(peak, Math.abs(x))
      power += x * x
    }
    const now = 20 * Math.log10(Math.max(1e-6, peak))
    held = Math.max(now, held - FALL * seconds)
    light = peak >= FULL ? LIGHT : Math.max(0, light - seconds)
    return { peak: held, rms: 10 * Math.log10(Math.max(1e-12, power / Math.max(1, samples.length))), clipped: light > 0 }
  }
}

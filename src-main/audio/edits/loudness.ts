import { filterInPlace, type Biquad } from './filters.ts'

/** Seconds of a gating block, and by how much the next one begins later. */
const BLOCK = 0.4
const STEP = 0.1
const ABSOLUTE_GATE = -70
const RELATIVE_GATE = -10

/**
 * Integrated loudness of one channel in LUFS (ITU-R BS.1770-4: K weighting, blocks of 400 ms, gates at −70 LUFS and
 * 10 LU below the mean of what passed). A sound shorter than a block is one block. −Infinity for silence.
 */
export function loudness(samples: Float32Array, sampleRate: number): number {
  const weighted = Float64Array.from(samples)
  filterInPlace(weighted, kWeighting(sampleRate))
  const size = Math.min(weighted.length, Math.round(BLOCK * sampleRate))
  const step = Math.max(1, Math.round(STEP * sampleRate))
  const powers: number[] = []
  const last = size === 0 ? -1 : weighted.length - size
  for (let start = 0; start <= last; start += step) {
    let power = 0
    for (let i = start; i < start + size; i++) power += weighted[i]! ** 2
    powers.push(power / size)
  }
  const loud = powers.filter((p) => lufs(p) > ABSOLUTE_GATE)
  const gate = lufs(mean(loud)) + RELATIVE_GATE
  return lufs(mean(loud.filter((p) => lufs(p) > gate)))
}

const lufs = (power: number): number => -0.691 + 10 * Math.log10(power)
const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : values.reduce((sum, v) => sum + v, 0) / values.length)

/**
 * The standard's two filters, which it tabulates for 48 kHz only, from their analogue prototypes for any rate
 * (B. De Man, "Evaluation of implementations of the EBU R128 loudness measurement", AES 145, 2018).
 */
function kWeighting(sampleRate: number): Biquad[] {
  return [shelf(sampleRate), highPass(sampleRate)]
}

function shelf(sampleRate: number): Biquad {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate)
  const q = 0.7071752369554196
  const high = 10 ** (3.999843853973347 / 20)
  const band = high ** 0.4996667741545416
  const a0 = 1 + k / q + k * k
  return {
    b: [(high + (band * k) / q + k * k) / a0, (2 * (k * k - high)) / a0, (high - (band * k) / q + k * k) / a0],
    a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0],
  }
}

function highPass(sampleRate: number): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate)
  const q = 0.5003270373238773
  const a0 = 1 + k / q + k * k
  return { b: [1, -2, 1], a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0] }
}

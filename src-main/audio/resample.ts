import { assert } from '../kit/index.ts'

/**
 * Band-limited resampling: a polyphase sinc windowed by a Kaiser window (Kaiser 1974; the polyphase form is
 * in Crochiere and Rabiner, "Multirate Digital Signal Processing", 1983, section 3.3).
 *
 * With 64 zero crossings a side and β for 100 dB the transition band is 0.1 of the lower Nyquist frequency
 * wide (Kaiser's formula: Δf = (A − 8)/(2.285 · 2π · N)); centred on 0.95 it lies between 0.9 and 1.0. So what is below 0.9
 * passes untouched, and nothing folds back from above the new Nyquist frequency.
 */
const ZERO_CROSSINGS = 64
const CUTOFF = 0.95
const ATTENUATION_DB = 100
const BETA = 0.1102 * (ATTENUATION_DB - 8.7)

/** Above this many phases the table is interpolated between phases (error below −110 dB) instead of exact. */
const MAX_PHASES = 1024

interface Filter {
  /** [phases (+ 1 where interpolated), taps], each phase with unit gain at 0 Hz. */
  readonly table: Float32Array
  readonly phases: number
  readonly taps: number
  readonly up: number
  readonly down: number
}

/** One-second clips of a dataset come at a few rates: their filters are kept, the oldest dropped first. */
const cache = new Map<string, Filter>()
const CACHE_SIZE = 16

/** How many samples `resample` returns: every output time k / to that lies inside the input. */
export const resampledLength = (length: number, from: number, to: number): number => Math.ceil((length * to) / from)

/**
 * Converts from one sample rate to another (Hz, positive integers). Sample k of the result is the signal at
 * time k / to: nothing is delayed. Outside the input the signal counts as zero. The length is
 * ceil(length · to / from). Equal rates return the input itself.
 */
export function resample(samples: Float32Array<ArrayBuffer>, from: number, to: number): Float32Array<ArrayBuffer> {
  assert(Number.isInteger(from) && Number.isInteger(to) && from > 0 && to > 0, `resampling from ${from} to ${to} Hz`)
  if (from === to || samples.length === 0) return samples
  const filter = filterFor(from, to)
  const { table, phases, taps, up, down } = filter
  const half = taps / 2
  const length = resampledLength(samples.length, from, to)
  // The signal between zeros, so that the inner loop needs no bounds: index i is at padded[i + half].
  const padded = new Float32Array(samples.length + 2 * taps)
  padded.set(samples, half)
  const result = new Float32Array(length)
  const exact = phases === up
  // Output k stands at input time k·down/up = base + phase/up.
  let base = 0
  let phase = 0
  for (let k = 0; k < length; k++) {
    if (exact) result[k] = dot(padded, base + 1, table, phase * taps, taps)
    else {
      const place = (phase / up) * phases
      const row = Math.floor(place)
      const a = dot(padded, base + 1, table, row * taps, taps)
      const b = dot(padded, base + 1, table, (row + 1) * taps, taps)
      result[k] = a + (b - a) * (place - row)
    }
    phase += down
    base += Math.floor(phase / up)
    phase %= up
  }
  return result
}

/** Four running sums keep the processor's adders busy; `taps` is a multiple of four. */
function dot(signal: Float32Array, at: number, table: Float32Array, row: number, taps: number): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let j = 0; j < taps; j += 4) {
    a += signal[at + j]! * table[row + j]!
    b += signal[at + j + 1]! * table[row + j + 1]!
    c += signal[at + j + 2]! * table[row + j + 2]!
    d += signal[at + j + 3]! * table[row + j + 3]!
  }
  return a + b + (c + d)
}

function filterFor(from: number, to: number): Filter {
  const divisor = greatestCommonDivisor(from, to)
  const up = to / divisor
  const down = from / divisor
  const key = `${up}/${down}`
  const found = cache.get(key)
  if (found) return found
  const filter = designFilter(up, down)
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!)
  cache.set(key, filter)
  return filter
}

function designFilter(up: number, down: number): Filter {
  // In units of the input's Nyquist frequency; below one where the rate goes down.
  const cutoff = CUTOFF * Math.min(1, up / down)
  const halfWidth = ZERO_CROSSINGS / cutoff
  const taps = 4 * Math.ceil((2 * halfWidth + 2) / 4)
  const phases = Math.min(up, MAX_PHASES)
  const rows = phases === up ? phases : phases + 1
  const table = new Float32Array(rows * taps)
  const row = new Float64Array(taps)
  for (let p = 0; p < rows; p++) {
    let sum = 0
    for (let j = 0; j < taps; j++) {
      // Tap j weighs the input sample that lies this far (in input samples) from the output's time.
      const x = j + 1 - taps / 2 - p / phases
      const value = cutoff * sinc(cutoff * x) * kaiser(x / halfWidth)
      row[j] = value
      sum += value
    }
    for (let j = 0; j < taps; j++) table[p * taps + j] = row[j]! / sum
  }
  return { table, phases, taps, up, down }
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

const kaiser = (x: number): number => (Math.abs(x) >= 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA))

/** Modified Bessel function of the first kind, order zero, by its power series. */
function bessel(x: number): number {
  let sum = 1
  let term = 1
  for (let k = 1; term > sum * 1e-18; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

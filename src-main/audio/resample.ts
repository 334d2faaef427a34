import { assert } from '../kit/index.ts'
import { canHalve, halve } from './halve.ts'
import { kaiser, kaiserBeta, sinc } from './kaiser.ts'

/**
 * Band-limited resampling: a polyphase sinc windowed by a Kaiser window (Kaiser 1974; the polyphase form is
 * in Crochiere and Rabiner, "Multirate Digital Signal Processing", 1983, section 3.3).
 *
 * With 64 zero crossings a side and β for 100 dB the transition band is 0.1 of the lower Nyquist frequency
 * wide (Kaiser's formula: Δf = (A − 8)/(2.285 · 2π · N)); centred on 0.95 it lies between 0.9 and 1.0. So what is below 0.9
 * passes untouched, and nothing folds back from above the new Nyquist frequency. A rate of two and a half times
 * the wanted one or more is halved first, by short filters that leave the final one less work.
 */
const ZERO_CROSSINGS = 64
const CUTOFF = 0.95
const ATTENUATION_DB = 100
const BETA = kaiserBeta(ATTENUATION_DB)

/** More phases than this, or a larger table, are interpolated between instead of kept (error below −110 dB). */
const MAX_PHASES = 1024
const MAX_TABLE = 2 ** 20

interface Filter {
  /** [phases, taps], one phase more where it is interpolated; each phase has unit gain at 0 Hz. */
  readonly table: Float64Array
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
  const result = new Float32Array(resampledLength(samples.length, from, to))
  let [input, rate] = [samples, from]
  for (; canHalve(rate, to); rate /= 2) input = halve(input, rate, to)
  const filter = filterFor(rate, to)
  if (filter.phases === filter.up) runExact(filter, input, result)
  else runInterpolated(filter, input, result)
  return result
}

/**
 * Every phase is in the table. Outputs that lie `up` apart have the same phase, so four of them share each
 * coefficient that is loaded: the loop is bound by loads, and this makes it more than twice as fast.
 */
function runExact(filter: Filter, samples: Float32Array, result: Float32Array): void {
  const { table, taps, up, down } = filter
  const signal = between(samples, taps)
  for (let group = 0; group < result.length; group += 4 * up) {
    for (let k = group; k < Math.min(group + up, result.length); k++) {
      const base = Math.floor((k * down) / up)
      const row = (k * down - base * up) * taps
      const at = base + 1
      if (k + 3 * up < result.length) fourDots(signal, at, down, table, row, taps, result, k, up)
      else for (let i = k, from = at; i < result.length; i += up, from += down) result[i] = dot(signal, from, table, row, taps)
    }
  }
}

/** Rates with almost no common divisor have too many phases to keep: two neighbours are blended. */
function runInterpolated(filter: Filter, samples: Float32Array, result: Float32Array): void {
  const { table, phases, taps, up, down } = filter
  const signal = between(samples, taps)
  for (let k = 0; k < result.length; k++) {
    const base = Math.floor((k * down) / up)
    const place = ((k * down - base * up) / up) * phases
    const row = Math.floor(place)
    const a = dot(signal, base + 1, table, row * taps, taps)
    const b = dot(signal, base + 1, table, (row + 1) * taps, taps)
    result[k] = a + (b - a) * (place - row)
  }
}

/** The signal between zeros, so that the inner loops need no bounds: sample i is at i + taps / 2. */
function between(samples: Float32Array, taps: number): Float64Array {
  const padded = new Float64Array(samples.length + 2 * taps)
  padded.set(samples, taps / 2)
  return padded
}

function dot(signal: Float64Array, at: number, table: Float64Array, row: number, taps: number): number {
  let a = 0
  let b = 0
  for (let j = 0; j < taps; j += 2) {
    a += signal[at + j]! * table[row + j]!
    b += signal[at + j + 1]! * table[row + j + 1]!
  }
  return a + b
}

/** Four outputs, `up` apart, whose inputs lie `down` apart. */
function fourDots(
  signal: Float64Array, at: number, down: number, table: Float64Array, row: number, taps: number,
  result: Float32Array, k: number, up: number,
): void {
  const [at1, at2, at3] = [at + down, at + 2 * down, at + 3 * down]
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let j = 0; j < taps; j += 2) {
    const w = table[row + j]!
    const v = table[row + j + 1]!
    a += signal[at + j]! * w
    b += signal[at1 + j]! * w
    c += signal[at2 + j]! * w
    d += signal[at3 + j]! * w
    a += signal[at + j + 1]! * v
    b += signal[at1 + j + 1]! * v
    c += signal[at2 + j + 1]! * v
    d += signal[at3 + j + 1]! * v
  }
  result[k] = a
  result[k + up] = b
  result[k + 2 * up] = c
  result[k + 3 * up] = d
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
  const taps = 2 * Math.ceil((2 * halfWidth + 2) / 2)
  const phases = Math.min(up, MAX_PHASES, Math.ceil(MAX_TABLE / taps))
  const rows = phases === up ? phases : phases + 1
  const table = new Float64Array(rows * taps)
  const row = new Float64Array(taps)
  for (let p = 0; p < rows; p++) {
    let sum = 0
    for (let j = 0; j < taps; j++) {
      // Tap j weighs the input sample that lies this far (in input samples) from the output's time.
      const x = j + 1 - taps / 2 - p / phases
      const value = cutoff * sinc(cutoff * x) * kaiser(x / halfWidth, BETA)
      row[j] = value
      sum += value
    }
    for (let j = 0; j < taps; j++) table[p * taps + j] = row[j]! / sum
  }
  return { table, phases, taps, up, down }
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

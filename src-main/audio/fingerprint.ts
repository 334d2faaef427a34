import { createRandom } from '../kit/index.ts'
import { createPowerSpectrum } from './power-spectrum.ts'
import { resample } from './resample.ts'

/**
 * A small picture of a sound by which copies of it find each other: re-encoded, louder or softer, shifted by
 * some silence before or behind. A spectrogram of 40 bands of 50 Hz (100 to 2100 Hz: what every codec keeps, fine
 * enough to see the harmonics of a voice, which differ when a word is said again) is laid around the centre of
 * gravity of the sound's energy and scaled by its spread, so that neither place nor level matters. Its mean is
 * taken from each band, so that voice and microphone count for less than what happens in time. Then it is
 * projected onto 256 fixed random directions, which keeps angles (Achlioptas, "Database-friendly random
 * projections", 2003). The similarity of two is the cosine of the angle between them.
 *
 * That features which survive coding are compared by a threshold on their distance is the idea of Haitsma and
 * Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR 2002; a single word is too short for their
 * sequence of bits, so here the picture is compared as a whole.
 */
/** Signed bytes. */
export const FINGERPRINT_SIZE = 256

const BANDS = 40
const SLICES = 32
const RATE = 8000
/** Samples: 64 ms and 8 ms. */
const FRAME = 512
const HOP = 64
/** Hz */
const LOWEST = 100
const BAND_WIDTH = 50
/** What is this far below the loudest counts as silence, dB: there a codec leaves something else in every copy. */
const DEPTH = 25
/** The slices cover so many standard deviations of the energy's place in time, on both sides. */
const REACH = 2.5

/** null where there is no pattern: silence, or less than one frame. */
export function fingerprint(samples: Float32Array<ArrayBuffer>, sampleRate: number): Int8Array<ArrayBuffer> | null {
  const frames = bandEnergies(resample(samples, sampleRate, RATE))
  const total = frames.map((bands) => bands.reduce((sum, e) => sum + e, 0))
  const floor = Math.max(0, ...total) * 10 ** (-DEPTH / 10)
  const weights = total.map((e) => Math.max(0, e - floor))
  const mass = weights.reduce((sum, w) => sum + w, 0)
  if (frames.length < 2 || !(mass > 0)) return null
  const centre = weights.reduce((sum, w, i) => sum + w * i, 0) / mass
  const spread = Math.sqrt(weights.reduce((sum, w, i) => sum + w * (i - centre) ** 2, 0) / mass)
  const levels = decibels(frames)
  const picture = new Float64Array(BANDS * SLICES)
  const step = (2 * REACH * Math.max(spread, 1)) / SLICES
  for (let slice = 0; slice < SLICES; slice++) {
    const from = centre + (slice - SLICES / 2) * step
    for (let band = 0; band < BANDS; band++) picture[band * SLICES + slice] = meanBetween(levels[band]!, from, from + step)
  }
  return quantised(picture)
}

/** Cosine of the angle, −1 to 1. */
export function similarity(a: Int8Array, b: Int8Array): number {
  let [dot, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!
    aa += a[i]! ** 2
    bb += b[i]! ** 2
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb)
}

const spectrum = createPowerSpectrum(FRAME)
/** Edges of the bands, in bins of the spectrum. */
const edges = Array.from({ length: BANDS + 1 }, (_, i) => ((LOWEST + i * BAND_WIDTH) * FRAME) / RATE)

/** [frame][band]: the energy between the band's edges; bins that an edge cuts count by their part. */
function bandEnergies(samples: Float32Array): Float64Array[] {
  const frames: Float64Array[] = []
  for (let start = -FRAME / 2; start + FRAME / 2 <= samples.length; start += HOP) {
    const power = spectrum(samples, start)
    const bands = new Float64Array(BANDS)
    for (let band = 0; band < BANDS; band++)
      for (let bin = Math.floor(edges[band]! + 0.5); bin <= edges[band + 1]! + 0.5; bin++) {
        const part = Math.min(bin + 0.5, edges[band + 1]!) - Math.max(bin - 0.5, edges[band]!)
        if (part > 0) bands[band]! += part * power[bin]!
      }
    frames.push(bands)
  }
  return frames
}

/** [band][frame]: dB above the depth below the loudest, so that silence is 0. */
function decibels(frames: readonly Float64Array[]): Float64Array[] {
  let loudest = 0
  for (const bands of frames) for (const e of bands) loudest = Math.max(loudest, e)
  const level = (e: number): number => Math.max(0, 10 * Math.log10(Math.max(e, 1e-30) / loudest) + DEPTH)
  return Array.from({ length: BANDS }, (_, band) => Float64Array.from(frames, (bands) => level(bands[band]!)))
}

/** Mean of a staircase between two places, 0 outside it. */
function meanBetween(values: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let i = Math.max(0, Math.floor(from)); i < Math.min(values.length, to); i++)
    sum += values[i]! * (Math.min(to, i + 1) - Math.max(from, i))
  return sum / (to - from)
}

const random = createRandom('fingerprint')
/** [direction, band × slice]: ±1. */
const directions = Int8Array.from({ length: FINGERPRINT_SIZE * BANDS * SLICES }, () => (random.int(2) === 0 ? -1 : 1))

function quantised(picture: Float64Array): Int8Array<ArrayBuffer> | null {
  for (let band = 0; band < BANDS; band++) {
    const row = picture.subarray(band * SLICES, (band + 1) * SLICES)
    const mean = row.reduce((sum, x) => sum + x, 0) / row.length
    for (let i = 0; i < row.length; i++) row[i] = row[i]! - mean
  }
  const projected = new Float64Array(FINGERPRINT_SIZE)
  for (let d = 0; d < FINGERPRINT_SIZE; d++) {
    let sum = 0
    for (let i = 0, at = d * picture.length; i < picture.length; i++) sum += directions[at + i]! * picture[i]!
    projected[d] = sum
  }
  const peak = projected.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return peak < 1e-6 ? null : Int8Array.from(projected, (x) => Math.round((127 * x) / peak))
}

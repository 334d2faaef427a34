/**
 * The fixed matrices of a front end, row-major, computed in double precision: windows, Fourier basis, mel
 * filters, cosine transform, antialiased resize. Formulas and sources are in docs/FRONT-ENDS.md.
 */
import type { MelConfig, WindowName } from './config.ts'

/** Coefficients of cosine-sum windows: w[n] = Σ (−1)^k a_k cos(2πkn/N), periodic. */
const COSINE_SUMS: Record<WindowName, readonly number[]> = {
  rectangular: [1],
  hann: [0.5, 0.5],
  hamming: [0.54, 0.46],
  blackman: [0.42, 0.5, 0.08],
}

export function windowSamples(name: WindowName, length: number): Float64Array {
  const terms = COSINE_SUMS[name]
  return Float64Array.from({ length }, (_, n) =>
    terms.reduce((sum, a, k) => sum + (k % 2 === 0 ? a : -a) * Math.cos((2 * Math.PI * k * n) / length), 0),
  )
}

/**
 * Real and imaginary rows of the windowed Fourier basis for bins [first, last): [2 · (last − first), window].
 * The phase counts from the window's first sample, which changes no magnitude.
 */
export function fourierBasis(window: Float64Array, fftSize: number, first: number, last: number): Float32Array {
  const taps = window.length
  const bins = last - first
  const basis = new Float32Array(2 * bins * taps)
  for (let k = 0; k < bins; k++) {
    for (let n = 0; n < taps; n++) {
      // The product is reduced before it becomes an angle, so that large ones lose nothing.
      const angle = (2 * Math.PI * (((k + first) * n) % fftSize)) / fftSize
      basis[k * taps + n] = window[n]! * Math.cos(angle)
      basis[(bins + k) * taps + n] = -window[n]! * Math.sin(angle)
    }
  }
  return basis
}

interface MelScale {
  toMel(hz: number): number
  toHz(mel: number): number
}

/** Slaney: linear below 1 kHz (200/3 Hz a mel), above it 27 mels for a factor of 6.4. */
const SLANEY_STEP = Math.log(6.4) / 27
const MEL_SCALES: Record<MelConfig['scale'], MelScale> = {
  htk: { toMel: (hz) => 2595 * Math.log10(1 + hz / 700), toHz: (mel) => 700 * (10 ** (mel / 2595) - 1) },
  slaney: {
    toMel: (hz) => (hz < 1000 ? (hz * 3) / 200 : 15 + Math.log(hz / 1000) / SLANEY_STEP),
    toHz: (mel) => (mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp((mel - 15) * SLANEY_STEP)),
  },
}

/** Triangular filters with corners equally spaced in mel: [bands, fftSize / 2 + 1]. */
export function melFilters(mel: MelConfig, sampleRate: number, fftSize: number): Float64Array {
  const { toMel, toHz } = MEL_SCALES[mel.scale]
  const bins = Math.floor(fftSize / 2) + 1
  const low = toMel(mel.fmin)
  const high = toMel(mel.fmax ?? sampleRate / 2)
  const corner = (i: number) => toHz(low + ((high - low) * i) / (mel.bands + 1))
  const filters = new Float64Array(mel.bands * bins)
  for (let m = 0; m < mel.bands; m++) {
    const [left, centre, right] = [corner(m), corner(m + 1), corner(m + 2)]
    const height = mel.norm === 'slaney' ? 2 / (right - left) : 1
    for (let k = 0; k < bins; k++) {
      const hz = (k * sampleRate) / fftSize
      filters[m * bins + k] = height * Math.max(0, Math.min((hz - left) / (centre - left), (right - hz) / (right - centre)))
    }
  }
  return filters
}

/** The bins [first, last) that any filter uses; at least one. */
export function usedBins(filters: Float64Array, bands: number): readonly [number, number] {
  const bins = filters.length / bands
  const used = (k: number) => Array.from({ length: bands }, (_, m) => filters[m * bins + k]!).some((w) => w > 0)
  let first = 0
  while (first < bins - 1 && !used(first)) first++
  let last = bins
  while (last > first + 1 && !used(last - 1)) last--
  return [first, last]
}

/** Orthonormal DCT-II with a sine lifter on its rows: [count, bands]. */
export function cosineTransform(count: number, bands: number, lifter: number): Float32Array {
  const matrix = new Float32Array(count * bands)
  for (let n = 0; n < count; n++) {
    const weight = lifter > 0 ? 1 + (lifter / 2) * Math.sin((Math.PI * (n + 1)) / lifter) : 1
    const norm = weight * Math.sqrt((n === 0 ? 1 : 2) / bands)
    for (let m = 0; m < bands; m++) matrix[n * bands + m] = norm * Math.cos((Math.PI * n * (m + 0.5)) / bands)
  }
  return matrix
}

/**
 * Antialiased bilinear resize of one axis: [to, from]. Pixel centres stand at halves; when shrinking, the
 * triangle is widened by the factor, so that every input counts.
 */
export function resizeMatrix(from: number, to: number): Float32Array {
  const scale = from / to
  const support = Math.max(scale, 1)
  const matrix = new Float32Array(to * from)
  for (let i = 0; i < to; i++) {
    const centre = scale * (i + 0.5)
    const first = Math.max(Math.floor(centre - support + 0.5), 0)
    const last = Math.min(Math.floor(centre + support + 0.5), from)
    const weights: number[] = []
    for (let j = first; j < last; j++) weights.push(Math.max(0, 1 - Math.abs((j + 0.5 - centre) / support)))
    const sum = weights.reduce((a, b) => a + b, 0)
    for (let j = first; j < last; j++) matrix[i * from + j] = weights[j - first]! / sum
  }
  return matrix
}

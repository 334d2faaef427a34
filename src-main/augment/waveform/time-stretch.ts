/**
 * Faster or slower at the same pitch: WSOLA (Verhelst and Roelands 1993). Overlapping windows are taken from the
 * input at the new pace, each shifted a little to where it continues the one before best, and added up.
 */

/** Window, and how far the best continuation is looked for either way, in seconds; speech has about one pitch period in each. */
const WINDOW = 0.03
const SEARCH = 0.01

/** The sound `factor` times as fast at the same pitch; its length is round(length / factor). */
export function stretchTime(input: Float32Array, sampleRate: number, factor: number): Float32Array {
  const output = new Float32Array(Math.max(1, Math.round(input.length / factor)))
  const hop = Math.max(1, Math.round((WINDOW * sampleRate) / 2))
  const search = Math.max(1, Math.round(SEARCH * sampleRate))
  const stride = Math.max(1, Math.round(sampleRate / COARSE_RATE))
  if (factor === 1 || input.length < 2 * hop) {
    output.set(input.subarray(0, output.length))
    return output
  }
  // Half a window ahead of the input there is silence, so that the first window peaks on the first sample.
  const margin = hop + search
  const padded = new Float32Array(input.length + 2 * margin + 2 * hop)
  padded.set(input, margin)
  const window = Float32Array.from({ length: 2 * hop }, (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * i) / hop))
  let taken = 0
  for (let n = 0; (n - 1) * hop < output.length; n++) {
    const place = Math.round(n * hop * factor)
    const wanted = n === 0 ? place : bestContinuation(padded, taken + hop, place, { search, hop, stride })
    taken = Math.min(wanted, padded.length - 2 * hop - search)
    // Window n is centred on output sample n · hop; the padding's margin puts `taken` on the same scale.
    for (let i = 0; i < 2 * hop; i++) {
      const at = (n - 1) * hop + i
      if (at >= 0 && at < output.length) output[at]! += window[i]! * padded[taken + search + i]!
    }
  }
  return output
}

/** Hz: likeness is judged by this many samples a second, and only about the best of so many places by all. */
const COARSE_RATE = 4000

/** Where, up to `search` from `place`, the signal is most like what follows naturally at `natural`. */
function bestContinuation(signal: Float32Array, natural: number, place: number, { search, hop, stride }: Search): number {
  const from = natural + search
  const length = Math.min(2 * hop, signal.length - from)
  let best = place
  let most = -Infinity
  const look = (low: number, high: number, step: number): void => {
    for (let start = low; start <= high; start += step) {
      const at = start + search
      if (at < 0 || at + length > signal.length) continue
      let product = 0
      let energy = 1e-12
      for (let i = 0; i < length; i += stride) {
        const value = signal[at + i]!
        product += signal[from + i]! * value
        energy += value * value
      }
      const likeness = product / Math.sqrt(energy)
      if (likeness > most) {
        most = likeness
        best = start
      }
    }
  }
  look(place - search, place + search, stride)
  if (stride > 1) look(best - stride + 1, best + stride - 1, 1)
  return best
}

interface Search {
  /** Samples either way. */
  readonly search: number
  /** Half a window. */
  readonly hop: number
  /** Between the samples and the places that are compared first. */
  readonly stride: number
}

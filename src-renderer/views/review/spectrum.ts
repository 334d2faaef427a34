/** A clip's spectrogram as a picture: levels 0 to 255, column after column from the left, each from 0 Hz upwards. Pure. */
export interface SpectrumPicture {
  readonly columns: number
  readonly bins: number
  readonly levels: Uint8ClampedArray<ArrayBuffer>
}

/** Seconds of a frame. */
const FRAME = 0.032
const MOST_COLUMNS = 900
/** dB below the loudest that are told apart. */
const RANGE = 60

/** Hann frames, radix-2 transforms; as many columns as are worth drawing, however long the clip. */
export function spectrumPicture(samples: Float32Array, sampleRate: number): SpectrumPicture {
  const size = Math.max(64, Math.min(2048, 2 ** Math.round(Math.log2(FRAME * sampleRate))))
  const hop = Math.max(size / 4, samples.length / MOST_COLUMNS)
  const columns = Math.max(1, Math.ceil(samples.length / hop))
  const bins = size / 2
  const decibels = new Float32Array(columns * bins)
  const transform = createTransform(size)
  let loudest = -Infinity
  for (let column = 0; column < columns; column++) {
    const power = transform(samples, Math.round((column + 0.5) * hop - size / 2))
    for (let bin = 0; bin < bins; bin++) {
      const level = 10 * Math.log10(power[bin]! + 1e-12)
      decibels[column * bins + bin] = level
      if (level > loudest) loudest = level
    }
  }
  const levels = new Uint8ClampedArray(decibels.length)
  for (let i = 0; i < decibels.length; i++) levels[i] = 255 * (1 + (decibels[i]! - loudest) / RANGE)
  return { columns, bins, levels }
}

/** Power of the frame of `samples` that begins at `start` (which may lie outside them). */
function createTransform(size: number): (samples: Float32Array, start: number) => Float64Array {
  const re = new Float64Array(size)
  const im = new Float64Array(size)
  const power = new Float64Array(size / 2)
  const window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
  const cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size))
  const sin = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size))
  const bits = Math.log2(size)
  const reversed = Uint32Array.from({ length: size }, (_, i) => Array.from({ length: bits }, (__, b) => ((i >> b) & 1) << (bits - 1 - b)).reduce((a, b) => a | b, 0))
  return (samples, start) => {
    for (let i = 0; i < size; i++) {
      re[reversed[i]!] = window[i]! * (samples[start + i] ?? 0)
      im[i] = 0
    }
    for (let half = 1; half < size; half *= 2)
      for (let from = 0; from < size; from += 2 * half)
        for (let k = 0; k < half; k++) {
          const c = cos[(k * size) / (2 * half)]!
          const s = sin[(k * size) / (2 * half)]!
          const [i, j] = [from + k, from + k + half]
          const x = re[j]! * c - im[j]! * s
          const y = re[j]! * s + im[j]! * c
          re[j] = re[i]! - x
          im[j] = im[i]! - y
          re[i] = re[i]! + x
          im[i] = im[i]! + y
        }
    for (let bin = 0; bin < size / 2; bin++) power[bin] = re[bin]! ** 2 + im[bin]! ** 2
    return power
  }
}

/** Lowest and highest sample of each bin, × 127: as the program's own pictures of waveforms. */
export function wavePeaks(samples: Float32Array, bins: number): Int8Array<ArrayBuffer> {
  const peaks = new Int8Array(2 * bins)
  for (let bin = 0; bin < bins; bin++) {
    const start = Math.floor((bin * samples.length) / bins)
    const end = Math.max(start + 1, Math.floor(((bin + 1) * samples.length) / bins))
    let low = samples[start] ?? 0
    let high = low
    for (let i = start + 1; i < end; i++) {
      low = Math.min(low, samples[i]!)
      high = Math.max(high, samples[i]!)
    }
    peaks[2 * bin] = Math.round(127 * low)
    peaks[2 * bin + 1] = Math.round(127 * high)
  }
  return peaks
}

/** Samples of the WAV files that the program answers with: 16-bit mono behind a header of 44 bytes. */
export function readSound(wav: ArrayBuffer): { samples: Float32Array<ArrayBuffer>; sampleRate: number } {
  const view = new DataView(wav)
  const samples = Float32Array.from({ length: (wav.byteLength - 44) >> 1 }, (_, i) => view.getInt16(44 + 2 * i, true) / 32_768)
  return { samples, sampleRate: view.getUint32(24, true) }
}

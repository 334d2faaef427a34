import { colourTable } from '@/views/editor/spectrogram/colour-maps.ts'

/** 256 colours each, three bytes a colour, made once. */
const tables = new Map<Ramp, Uint8Array>()
function colours(ramp: Ramp): Uint8Array {
  const known = tables.get(ramp) ?? colourTable(ramp)
  tables.set(ramp, known)
  return known
}
/** Grey leaves the colours to what lies over it. */
export type Ramp = 'viridis' | 'grey'

export interface Range {
  readonly low: number
  readonly high: number
}

export function rangeOf(values: Float32Array): Range {
  let [low, high] = [Infinity, -Infinity]
  for (const v of values) {
    if (v < low) low = v
    if (v > high) high = v
  }
  return low < high ? { low, high } : { low, high: low + 1 }
}

/** [height, width], row 0 at the bottom where `upwards`, to RGBA. */
export function mapPixels(values: Float32Array, height: number, width: number, { low, high }: Range, upwards: boolean, ramp: Ramp = 'viridis'): ImageData {
  const image = new ImageData(width, height)
  const rgb = colours(ramp)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const entry = Math.max(0, Math.min(255, Math.round((255 * (values[y * width + x]! - low)) / (high - low))))
      const at = 4 * ((upwards ? height - 1 - y : y) * width + x)
      image.data.set(rgb.subarray(3 * entry, 3 * entry + 3), at)
      image.data[at + 3] = 255
    }
  return image
}

/**
 * A map over a picture: red where it speaks for the class, blue where against, clearer where it is weak. Scaled to its
 * largest value of either sign.
 */
export function overlayPixels(values: Float32Array, height: number, width: number): ImageData {
  const image = new ImageData(width, height)
  const most = values.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const part = most > 0 ? values[y * width + x]! / most : 0
      const at = 4 * ((height - 1 - y) * width + x)
      image.data.set(part >= 0 ? [255, 70, 40] : [60, 140, 255], at)
      image.data[at + 3] = Math.round(220 * Math.abs(part) ** 0.8)
    }
  return image
}

/** Values to colours, dark to light in even steps of lightness, so that it also reads in grey. */
const STOPS = [
  [9, 8, 24], [45, 17, 84], [99, 25, 110], [155, 42, 105], [208, 72, 81], [242, 118, 60], [252, 180, 80], [252, 243, 186],
] as const

/** 256 colours, RGBA. */
export const COLOURS = Uint8ClampedArray.from({ length: 256 * 4 }, (_, i) => {
  const [entry, channel] = [i >> 2, i & 3]
  if (channel === 3) return 255
  const at = (entry / 255) * (STOPS.length - 1)
  const below = Math.min(STOPS.length - 2, Math.floor(at))
  const [a, b] = [STOPS[below]![channel]!, STOPS[below + 1]![channel]!]
  return a + (b - a) * (at - below)
})

/** The colours as a CSS gradient, for a legend. */
export const GRADIENT = `linear-gradient(to right, ${STOPS.map((stop) => `rgb(${stop.join(' ')})`).join(', ')})`

export interface ColourScale {
  readonly low: number
  readonly high: number
}

/** One scale for several pictures, so that they can be compared. */
export function commonScale(pictures: readonly Float32Array[]): ColourScale {
  let [low, high] = [Infinity, -Infinity]
  for (const picture of pictures)
    for (const value of picture) {
      if (value < low) low = value
      if (value > high) high = value
    }
  return low < high ? { low, high } : { low: Number.isFinite(low) ? low - 1 : 0, high: Number.isFinite(high) ? high + 1 : 1 }
}

/** [height, width], the lowest row first, to RGBA pixels with the lowest row at the bottom. */
export function paint(values: Float32Array, [height, width]: readonly [number, number], { low, high }: ColourScale): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * height * width)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const entry = Math.max(0, Math.min(255, Math.round((255 * (values[y * width + x]! - low)) / (high - low))))
      pixels.set(COLOURS.subarray(4 * entry, 4 * entry + 4), 4 * ((height - 1 - y) * width + x))
    }
  return pixels
}

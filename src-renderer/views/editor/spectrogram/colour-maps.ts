/**
 * Colour maps of our own making after well-known ones: a few anchors give the hue, and lightness is made to rise by
 * equal steps in Oklab (Ottosson, "A perceptual color space for image processing", 2020), so that equal differences in
 * level look equal, also in grey and to people who see fewer colours.
 */
type Rgb = readonly [number, number, number]

const ANCHORS = {
  viridis: ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'],
  magma: ['#000004', '#3b0f70', '#8c2981', '#de4968', '#fe9f6d', '#fcfdbf'],
  cividis: ['#00204d', '#31446b', '#666970', '#958f78', '#cbba69', '#ffea46'],
  grey: ['#0b0b0c', '#ffffff'],
} as const
export type ColourMap = keyof typeof ANCHORS
export const COLOUR_MAPS = Object.keys(ANCHORS) as readonly ColourMap[]

const fromHex = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Rgb
const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const toGamma = (v: number): number => (v <= 0.003_130_8 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055)

/** sRGB (0 to 1) to Oklab [L, a, b]. */
export function oklab([r, g, b]: Rgb): Rgb {
  const [x, y, z] = [toLinear(r), toLinear(g), toLinear(b)]
  const l = Math.cbrt(0.412_221_470_8 * x + 0.536_332_536_3 * y + 0.051_445_992_9 * z)
  const m = Math.cbrt(0.211_903_498_2 * x + 0.680_699_545_1 * y + 0.107_396_956_6 * z)
  const s = Math.cbrt(0.088_302_461_9 * x + 0.281_718_837_6 * y + 0.629_978_700_5 * z)
  return [
    0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s,
    1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s,
    0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s,
  ]
}

function fromOklab([L, a, b]: Rgb): Rgb {
  const l = (L + 0.396_337_777_4 * a + 0.215_803_757_3 * b) ** 3
  const m = (L - 0.105_561_345_8 * a - 0.063_854_172_8 * b) ** 3
  const s = (L - 0.089_484_177_5 * a - 1.291_485_548 * b) ** 3
  return [
    4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
    -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
    -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
  ].map((v) => toGamma(Math.max(0, Math.min(1, v)))) as unknown as Rgb
}

/** `steps` colours from quiet to loud, three bytes each. */
export function colourTable(map: ColourMap, steps = 256): Uint8Array {
  const anchors = ANCHORS[map].map((hex) => oklab(fromHex(hex)))
  const [darkest, brightest] = [anchors[0]![0], anchors.at(-1)![0]]
  const table = new Uint8Array(3 * steps)
  for (let i = 0; i < steps; i++) {
    const lightness = darkest + ((brightest - darkest) * i) / (steps - 1)
    const next = Math.max(1, anchors.findIndex(([l]) => l >= lightness - 1e-9))
    const [from, to] = [anchors[next - 1]!, anchors[next]!]
    const part = (lightness - from[0]) / (to[0] - from[0])
    const colour = fromOklab([lightness, from[1] + part * (to[1] - from[1]), from[2] + part * (to[2] - from[2])])
    table.set(colour.map((v) => Math.round(255 * v)), 3 * i)
  }
  return table
}

export interface LevelRange {
  /** dB added before colouring. */
  readonly gain: number
  /** dB from the darkest colour to the brightest, which stands for 0 dB. */
  readonly dynamicRange: number
}

/** The colour of each of the 256 codes of a tile, as pixels of an image (RGBA in memory). */
export function codeColours(map: ColourMap, { gain, dynamicRange }: LevelRange, floor: number, step: number): Uint32Array<ArrayBuffer> {
  const table = colourTable(map)
  const bytes = new Uint8ClampedArray(4 * 256)
  for (let code = 0; code < 256; code++) {
    const level = 1 + (floor + step * code + gain) / dynamicRange
    const index = Math.round(255 * Math.max(0, Math.min(1, level)))
    bytes.set(table.subarray(3 * index, 3 * index + 3), 4 * code)
    bytes[4 * code + 3] = 255
  }
  return new Uint32Array(bytes.buffer)
}

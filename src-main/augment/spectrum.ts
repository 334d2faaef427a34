/** Changes of level in features that are logarithms: another microphone, another room's noise. */
import type { Random } from '../kit/index.ts'

/** Knots of the curve, evenly over the bins. */
const KNOTS = 6

/**
 * Adds a smooth random curve along frequency to every column: normal values of deviation `deviation` (in the
 * features' unit) at a few knots, straight lines between them. `image` is [channels · height, width].
 */
export function equalise(image: Float32Array, height: number, width: number, deviation: number, random: Random): void {
  const knots = Float64Array.from({ length: KNOTS }, () => deviation * random.normal())
  for (let row = 0; row * width < image.length; row++) {
    const at = ((row % height) / Math.max(1, height - 1)) * (KNOTS - 1)
    const below = Math.min(KNOTS - 2, Math.floor(at))
    const gain = knots[below]! + (knots[below + 1]! - knots[below]!) * (at - below)
    for (let i = row * width; i < (row + 1) * width; i++) image[i]! += gain
  }
}

/** Raises every value to at least `level`: noise that covers what is softer. */
export function raiseFloor(image: Float32Array, level: number): void {
  for (let i = 0; i < image.length; i++) if (image[i]! < level) image[i] = level
}

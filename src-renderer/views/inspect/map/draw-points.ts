import type { Plane, View } from './plane.ts'

export interface PointStyle {
  /** Colour of each point, 0xAABBGGRR; 0 is not drawn. */
  readonly colours: Uint32Array
  /** Drawn last and larger. */
  readonly selected: ReadonlySet<number>
  /** Radius in pixels of the image. */
  readonly radius: number
  /** Around selected points, 0xAABBGGRR. */
  readonly ring: number
}

/**
 * Points as small discs, written into the image pixel by pixel: 50,000 of them take a few milliseconds, which strokes of
 * a canvas do not. The image is cleared first.
 */
export function drawPoints(pixels: Uint32Array, width: number, height: number, { positions }: Plane, view: View, { colours, selected, radius, ring }: PointStyle): void {
  pixels.fill(0)
  const plain = disc(radius)
  const large = disc(radius * 1.35)
  const outer = disc(radius * 1.35 + Math.max(1.5, radius * 0.5))
  const at = (point: number): readonly [number, number] => [Math.round((positions[2 * point]! - view.x) * view.scale), Math.round((view.y - positions[2 * point + 1]!) * view.scale)]
  const count = positions.length / 2
  for (let point = 0; point < count; point++) {
    const colour = colours[point]!
    if (colour === 0) continue
    const x = Math.round((positions[2 * point]! - view.x) * view.scale)
    const y = Math.round((view.y - positions[2 * point + 1]!) * view.scale)
    if (x >= -9 && y >= -9 && x < width + 9 && y < height + 9) stamp(pixels, width, height, x, y, plain, colour)
  }
  for (const point of selected) if (colours[point] !== 0) stamp(pixels, width, height, ...at(point), outer, ring)
  for (const point of selected) if (colours[point] !== 0) stamp(pixels, width, height, ...at(point), large, colours[point]!)
}

/** Half the width of each row of a disc, from its top to its bottom. */
function disc(radius: number): readonly number[] {
  const r = Math.max(1, Math.round(radius))
  return Array.from({ length: 2 * r + 1 }, (_, i) => Math.floor(Math.sqrt(Math.max(0, (radius + 0.3) ** 2 - (i - r) ** 2))))
}

function stamp(pixels: Uint32Array, width: number, height: number, x: number, y: number, rows: readonly number[], colour: number): void {
  const r = rows.length >> 1
  for (let i = 0; i < rows.length; i++) {
    const line = y + i - r
    if (line < 0 || line >= height) continue
    const half = rows[i]!
    // A loop of a few pixels is quicker than a call.
    const to = line * width + Math.min(width - 1, x + half)
    for (let at = line * width + Math.max(0, x - half); at <= to; at++) pixels[at] = colour
  }
}

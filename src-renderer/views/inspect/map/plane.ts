/** Points of a map, what of it is in sight, and which of them a place or an outline means. Pure. */
export interface Plane {
  /** [points, 2] */
  readonly positions: Float32Array
  /** Extent of all points. */
  readonly bounds: Bounds
  /** Points of each cell of a square grid over the bounds: place in `order` where the cell begins. */
  readonly starts: Int32Array
  readonly order: Int32Array
}

export interface Bounds {
  readonly x: number
  readonly y: number
  readonly size: number
}

/** From map to screen: screen = (map − origin) · scale; y goes upwards on the map. */
export interface View {
  readonly x: number
  readonly y: number
  /** Pixels of a unit of the map. */
  readonly scale: number
}

export type Point = readonly [x: number, y: number]

const CELLS = 128

export function createPlane(positions: Float32Array): Plane {
  const bounds = boundsOf(positions)
  const count = positions.length / 2
  const starts = new Int32Array(CELLS * CELLS + 1)
  const cells = Int32Array.from({ length: count }, (_, i) => cellOf(bounds, positions[2 * i]!, positions[2 * i + 1]!))
  for (const cell of cells) starts[cell + 1]! += 1
  for (let c = 0; c < CELLS * CELLS; c++) starts[c + 1]! += starts[c]!
  const next = starts.slice()
  const order = new Int32Array(count)
  for (let i = 0; i < count; i++) order[next[cells[i]!]!++] = i
  return { positions, bounds, starts, order }
}

function boundsOf(positions: Float32Array): Bounds {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let i = 0; i < positions.length; i += 2) {
    left = Math.min(left, positions[i]!)
    right = Math.max(right, positions[i]!)
    bottom = Math.min(bottom, positions[i + 1]!)
    top = Math.max(top, positions[i + 1]!)
  }
  if (positions.length === 0) return { x: 0, y: 0, size: 1 }
  const size = Math.max(right - left, top - bottom, 1e-9)
  return { x: (left + right - size) / 2, y: (bottom + top - size) / 2, size }
}

const column = (bounds: Bounds, x: number): number => Math.max(0, Math.min(CELLS - 1, Math.floor((CELLS * (x - bounds.x)) / bounds.size)))
const row = (bounds: Bounds, y: number): number => Math.max(0, Math.min(CELLS - 1, Math.floor((CELLS * (y - bounds.y)) / bounds.size)))
const cellOf = (bounds: Bounds, x: number, y: number): number => row(bounds, y) * CELLS + column(bounds, x)

/** All of it, with a margin. */
export function fitted({ bounds }: Plane, width: number, height: number): View {
  const scale = (0.92 * Math.min(width, height)) / bounds.size
  return { x: bounds.x + bounds.size / 2 - width / scale / 2, y: bounds.y + bounds.size / 2 + height / scale / 2, scale }
}

export const toScreen = (view: View, x: number, y: number): Point => [(x - view.x) * view.scale, (view.y - y) * view.scale]
export const toMap = (view: View, [x, y]: Point): Point => [view.x + x / view.scale, view.y - y / view.scale]

/** Larger or smaller around a place on the screen, which stays where it is. */
export function zoomed(view: View, [x, y]: Point, factor: number): View {
  const scale = view.scale * factor
  return { x: view.x + x / view.scale - x / scale, y: view.y - y / view.scale + y / scale, scale }
}

export const panned = (view: View, dx: number, dy: number): View => ({ ...view, x: view.x - dx / view.scale, y: view.y + dy / view.scale })

/** The visible point nearest to a place on the screen, at most so many pixels away. */
export function nearest(plane: Plane, view: View, place: Point, reach: number, visible: (point: number) => boolean): number | null {
  const [x, y] = toMap(view, place)
  const distance = reach / view.scale
  let [best, most]: [number | null, number] = [null, distance * distance]
  for (const point of within(plane, x - distance, x + distance, y - distance, y + distance)) {
    const d = (plane.positions[2 * point]! - x) ** 2 + (plane.positions[2 * point + 1]! - y) ** 2
    if (d <= most && visible(point)) [best, most] = [point, d]
  }
  return best
}

function* within({ bounds, starts, order }: Plane, left: number, right: number, bottom: number, top: number): Generator<number> {
  for (let r = row(bounds, bottom); r <= row(bounds, top); r++)
    for (let c = column(bounds, left); c <= column(bounds, right); c++)
      for (let i = starts[r * CELLS + c]!; i < starts[r * CELLS + c + 1]!; i++) yield order[i]!
}

/** The visible points inside an outline on the screen (even-odd rule). */
export function inside(plane: Plane, view: View, outline: readonly Point[], visible: (point: number) => boolean): number[] {
  if (outline.length < 3) return []
  const corners = outline.map((p) => toMap(view, p))
  const [xs, ys] = [corners.map((p) => p[0]), corners.map((p) => p[1])]
  const found: number[] = []
  for (const point of within(plane, Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys))) {
    const [x, y] = [plane.positions[2 * point]!, plane.positions[2 * point + 1]!]
    let odd = false
    for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
      const [a, b] = [corners[i]!, corners[j]!]
      if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) odd = !odd
    }
    if (odd && visible(point)) found.push(point)
  }
  return found.sort((a, b) => a - b)
}

export const rectangle = ([x0, y0]: Point, [x1, y1]: Point): Point[] => [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]

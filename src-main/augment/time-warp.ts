/** Warping a picture along time by a displacement field, and choosing the warp. */
import type { FrameSpan } from '../features/index.ts'
import type { Random } from '../kit/index.ts'
import { thinPlate, thinPlateSize, warpField, type ThinPlate } from './spline.ts'

/** Fields are kept for reuse: a training meets the same few sizes again and again. */
export interface WarpFields {
  field(height: number, width: number, moved: number): Float32Array
}

/** Values (4 bytes each) that are kept before the oldest fields go. */
const KEPT_VALUES = 4 << 20

export function createWarpFields(): WarpFields {
  const known = new Map<string, Float32Array>()
  let values = 0
  let plate: ThinPlate = thinPlate(0, 0)
  return {
    field(height, width, moved) {
      const key = `${height}/${width}/${moved}`
      const before = known.get(key)
      if (before) return before
      if (thinPlateSize(height, width) > plate.length) plate = thinPlate(height, width) // one table serves every smaller size
      const made = warpField(height, width, moved, plate)
      values += made.length
      known.set(key, made)
      for (const [oldest, field] of known) {
        if (values <= KEPT_VALUES || oldest === key) break
        known.delete(oldest)
        values -= field.length
      }
      return made
    },
  }
}

/** A warp: what stands at frame `moved − shift` comes to stand at `moved`, counted from the span's start. */
export interface Warp {
  readonly moved: number
  readonly shift: number
}

/**
 * A point uniform in (W, τ − W) moves by w uniform in [0, W], to the left or the right with equal chance. The
 * point is taken up to half a frame aside so that it arrives on a whole frame; w is kept as drawn. Null where
 * the clip is too short to have such a point.
 */
export function drawWarp(frames: number, width: number, random: Random): Warp | null {
  if (width === 0 || frames < 3 || frames - width <= width) return null
  const point = random.uniform(width, frames - width)
  const distance = random.uniform(0, width)
  const shift = random.next() < 0.5 ? -distance : distance
  return { moved: Math.min(frames - 2, Math.max(1, Math.round(point + shift))), shift }
}

/**
 * Warps columns [start, end) of every row in place; `image` is [channels · height, width]. A place takes the
 * value that stood against its displacement, linearly between two frames, and the ends stay where they are.
 */
export function warpTime(image: Float32Array, height: number, width: number, [start, end]: FrameSpan, warp: Warp, fields: WarpFields): void {
  const frames = end - start
  const { moved, shift } = warp
  const field = fields.field(height, frames, moved)
  const last = frames - 1
  const source = new Float32Array(frames)
  for (let row = 0; row * width < image.length; row++) {
    const y = row % height
    const f = Math.min(y, height - 1 - y) * frames
    const at = row * width + start
    for (let i = 0; i < frames; i++) source[i] = image[at + i]!
    for (let i = 0; i < frames; i++) {
      let from = i - shift * field[f + i]!
      if (from < 0) from = 0
      else if (from > last) from = last
      const left = from === last ? last - 1 : from | 0
      const value = source[left]!
      image[at + i] = value + (source[left + 1]! - value) * (from - left)
    }
  }
}

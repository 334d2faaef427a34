/** The two ways to bring a max pool's gradient back to where each maximum was. */
import type { Graph, Tensor } from '../graph.ts'
import { equalMask, framed, joined, minus, padded, reshaped, sliced, times, total, transposed, zeros } from './nodes.ts'
import type { PoolAttributes } from './pooling.ts'
import { known } from './shapes.ts'

/** By the places that the forward node wrote down (flat over the whole tensor). */
export function maxPoolGradientByIndices(g: Graph, xShape: number[], places: Tensor, d: Tensor, a: PoolAttributes): Tensor {
  const overlapping = a.kernel.some((k, i) => k > a.stride[i]!)
  if (!overlapping) {
    const attributes = { kernel_shape: a.kernel, strides: a.stride, pads: a.padding }
    return g.op('MaxUnpool', [d, places, g.ints(...xShape)], attributes, { shape: xShape })
  }
  const size = xShape.reduce((x, y) => x * y, 1)
  const count = known('maxPool2d', d).reduce((x, y) => x * y, 1)
  const flat = g.op(
    'ScatterElements',
    [zeros(g, [size]), reshaped(g, places, [count]), reshaped(g, d, [count])],
    { axis: 0, reduction: 'add' },
    { shape: [size] },
  )
  return reshaped(g, flat, xShape)
}

/**
 * Without places: for every offset within the window, a mask of the windows whose maximum lies there (the
 * first one takes all that is left of d), then all offsets put back into the plane. Offsets are grouped
 * by blocks of one stride, whose pieces interleave without overlap.
 */
export function maxPoolGradientByMasks(g: Graph, x: Tensor, y: Tensor, d: Tensor, a: PoolAttributes): Tensor {
  const [n, c, height, width] = known('maxPool2d', x) as [number, number, number, number]
  const [, , oh, ow] = known('maxPool2d', d) as [number, number, number, number]
  const [[kh, kw], [sh, sw], [top, left]] = [a.kernel, a.stride, a.padding]
  const field = lowPadded(g, x, a, (oh - 1) * sh + kh, (ow - 1) * sw + kw)
  const pieces = maskedPieces(g, field, y, d, a)
  const none = () => zeros(g, [n, c, oh, ow])
  const blocks: Tensor[] = []
  for (let bi = 0; bi < kh; bi += sh) {
    for (let bj = 0; bj < kw; bj += sw) {
      const phases = Array.from({ length: sh * sw }, (_, k) => {
        const [i, j] = [bi + Math.floor(k / sw), bj + (k % sw)]
        return reshaped(g, i < kh && j < kw ? pieces[i * kw + j]! : none(), [n, c, 1, oh, ow])
      })
      const stacked = reshaped(g, joined(g, phases, 2), [n, c, sh, sw, oh, ow])
      const plane = reshaped(g, transposed(g, stacked, [0, 1, 4, 2, 5, 3]), [n, c, oh * sh, ow * sw])
      blocks.push(framed(g, plane, top - bi, left - bj, height, width))
    }
  }
  return total(g, blocks)
}

/** x with very low values where windows reach over its border, cropped or padded to what the windows see. */
function lowPadded(g: Graph, x: Tensor, { padding: [top, left] }: PoolAttributes, height: number, width: number): Tensor {
  const [, , h, w] = known('maxPool2d', x) as [number, number, number, number]
  const seen = sliced(g, x, [
    { axis: 2, start: 0, end: Math.min(h, height - top) },
    { axis: 3, start: 0, end: Math.min(w, width - left) },
  ])
  return padded(g, seen, [0, 0, top, left], [0, 0, Math.max(0, height - top - h), Math.max(0, width - left - w)], -3e38)
}

function maskedPieces(g: Graph, field: Tensor, y: Tensor, d: Tensor, a: PoolAttributes): Tensor[] {
  const [, , oh, ow] = known('maxPool2d', d) as [number, number, number, number]
  const pieces: Tensor[] = []
  let left = d
  for (let i = 0; i < a.kernel[0]; i++) {
    for (let j = 0; j < a.kernel[1]; j++) {
      const at = sliced(g, field, [
        { axis: 2, start: i, end: i + (oh - 1) * a.stride[0] + 1, step: a.stride[0] },
        { axis: 3, start: j, end: j + (ow - 1) * a.stride[1] + 1, step: a.stride[1] },
      ])
      const piece = times(g, equalMask(g, at, y), left)
      pieces.push(piece)
      left = minus(g, left, piece)
    }
  }
  return pieces
}

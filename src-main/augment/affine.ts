/**
 * Moving and scaling the axes of a clip's features: where it stands in time, how fast it was spoken, how long the
 * vocal tract was (vocal tract length perturbation, Jaitly and Hinton 2013, here on mel bins).
 */
import type { FrameSpan } from '../features/index.ts'
import type { Random } from '../kit/index.ts'

export interface AffineRanges {
  /** Frames, either way. */
  readonly shift: number
  /** Largest factor by which the clip gets longer or shorter: 1 for not at all. */
  readonly stretch: number
  /** Largest factor by which its frequency bins spread or shrink: 1 for not at all. */
  readonly frequencyScale: number
}

export interface Affine {
  /** Frames; whole where nothing is stretched, so that nothing is blurred for nothing. */
  readonly shift: number
  readonly stretch: number
  readonly frequencyScale: number
}

/** Factors are drawn evenly on a logarithmic scale, so that half as fast is as likely as twice as fast. */
export function drawAffine(ranges: AffineRanges, random: Random): Affine {
  const factor = (largest: number) => Math.exp(random.uniform(-1, 1) * Math.log(largest))
  const shift = random.uniform(-ranges.shift, ranges.shift)
  return {
    shift: ranges.stretch === 1 ? Math.round(shift) : shift,
    stretch: factor(ranges.stretch),
    frequencyScale: factor(ranges.frequencyScale),
  }
}

/** Where a column goes: stretched about the middle of the span, then shifted. */
const place = (column: number, middle: number, { stretch, shift }: Affine): number => (column - middle) * stretch + middle + shift

/** The columns that hold signal afterwards: at least one. */
export function affineSpan([start, end]: FrameSpan, width: number, affine: Affine): FrameSpan {
  const middle = (start + end - 1) / 2
  const first = Math.min(width - 1, Math.max(0, Math.ceil(place(start - 0.5, middle, affine))))
  const last = Math.min(width, Math.max(0, Math.ceil(place(end - 0.5, middle, affine))))
  return [first, Math.max(first + 1, last)]
}

/**
 * Moves `image` [channels · height, width] in place, linearly between neighbours. What comes in from beyond the
 * first or last column is silence: the smallest value of its channel. Bins beyond the highest repeat it. Only
 * columns that are not silent all over are computed, which in short clips are few.
 */
export function applyAffine(image: Float32Array, height: number, width: number, span: FrameSpan, affine: Affine): void {
  const size = height * width
  const columns = sourceColumns(width, span, affine)
  const source = new Float32Array(size)
  const row = new Float32Array(width + 2)
  for (let at = 0; at < image.length; at += size) {
    let silence = image[at]!
    for (let i = 0; i < size; i++) {
      const value = image[at + i]!
      source[i] = value
      if (value < silence) silence = value
    }
    image.fill(silence, at, at + size)
    const [start, end] = soundingColumns(source, width, silence)
    // The columns that look at a sounding one or between it and its neighbour.
    let first = 0
    while (first < width && columns[first]! <= start - 1) first++
    let last = width
    while (last > first && columns[last - 1]! >= end) last--
    row[start] = silence // row[x + 1] is column x
    row[end + 1] = silence
    for (let y = 0; y < height; y++) {
      const from = Math.min(height - 1, y / affine.frequencyScale)
      const below = Math.floor(from) * width
      const above = Math.min(size - width, below + width)
      const weight = from - Math.floor(from)
      for (let x = start; x < end; x++) {
        const value = source[below + x]!
        row[x + 1] = value + (source[above + x]! - value) * weight
      }
      const out = at + y * width
      for (let x = first; x < last; x++) {
        const column = columns[x]! + 1
        const left = column | 0
        const value = row[left]!
        image[out + x] = value + (row[left + 1]! - value) * (column - left)
      }
    }
  }
}

/** Which column, or place between two, each column takes its values from: −1 and `width` stand for silence. */
function sourceColumns(width: number, span: FrameSpan, { shift, stretch }: Affine): Float64Array {
  const middle = (span[0] + span[1] - 1) / 2
  return Float64Array.from({ length: width }, (_, x) => Math.min(width, Math.max(-1, (x - shift - middle) / stretch + middle)))
}

/** The columns from the first to the last that hold anything louder than silence; [0, 0) where none does. */
function soundingColumns(source: Float32Array, width: number, silence: number): FrameSpan {
  const sounds = (column: number) => {
    for (let i = column; i < source.length; i += width) if (source[i]! !== silence) return true
    return false
  }
  let start = 0
  while (start < width && !sounds(start)) start++
  if (start === width) return [0, 0]
  let end = width
  while (!sounds(end - 1)) end--
  return [start, end]
}

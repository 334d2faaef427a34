import type { PcmReader } from '../audio/index.ts'

/** One tile of a spectrogram; lengths in samples. */
export interface TilePlan {
  /** First column, and how many. */
  readonly first: number
  readonly columns: number
  /** Between columns. */
  readonly hop: number
  /** Windows of one column, evenly spread around its middle; `hop` is a multiple of twice this number. */
  readonly windows: number
  /** Of one window. */
  readonly size: number
}

/** Where the window `w` of column `column` starts: windows are centred on column · hop, all of them together. */
export const windowStart = ({ hop, windows, size }: TilePlan, column: number, w: number): number =>
  column * hop + (w * hop) / windows - ((windows - 1) * hop) / (2 * windows) - size / 2

/**
 * The samples of all windows of the columns [from, to) of a plan, one after the other: [(to − from) · windows, size].
 * Where windows overlap, the file is read once; where they lie far apart, only they are read, so that an hour costs no
 * more than a minute. Outside the recording there is silence.
 */
export function gatherWindows(pcm: Pick<PcmReader, 'read'>, plan: TilePlan, from: number, to: number): Float32Array<ArrayBuffer> {
  const { windows, size, hop } = plan
  const count = (to - from) * windows
  const frames = new Float32Array(count * size)
  if (hop / windows > size) {
    for (let i = 0; i < count; i++) {
      const start = windowStart(plan, from + Math.floor(i / windows), i % windows)
      frames.set(pcm.read(start, start + size), i * size)
    }
    return frames
  }
  const base = windowStart(plan, from, 0)
  const span = pcm.read(base, windowStart(plan, to - 1, windows - 1) + size)
  for (let i = 0; i < count; i++) {
    const start = windowStart(plan, from + Math.floor(i / windows), i % windows) - base
    frames.set(span.subarray(start, start + size), i * size)
  }
  return frames
}

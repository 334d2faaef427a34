/** A recording of any length as pieces that follow one another, mono at the model's rate. */
import { err, ok, type Result } from '../kit/index.ts'
import { SEEKABLE, type DecodePool } from '../audio/index.ts'

/** Whole seconds, so that a piece starts on a whole sample at both rates. */
const PIECE = 60
/** Seconds decoded beyond each end and cut off again after resampling, whose filter reaches a few milliseconds. */
const MARGIN = 1

/** The file is read anew each time that the pieces are gone through. */
export function recordingPieces(pool: DecodePool, path: string, sampleRate: number, signal?: AbortSignal): AsyncIterable<Result<Float32Array>> {
  /** A recording that is decoded as a whole stays for the next time. */
  let kept: Result<Float32Array> | undefined

  async function* read(): AsyncGenerator<Result<Float32Array>, void, void> {
    if (kept) return yield kept
    const info = await pool.probe(path, { signal })
    if (!info.ok) return yield err(info.error)
    const { container, frames, sampleRate: rate } = info.value
    if (frames === null || !SEEKABLE.has(container) || frames <= 2 * PIECE * rate) {
      const whole = await pool.decode({ path, sampleRate }, { signal })
      kept = whole.ok ? ok(whole.value.samples) : err(whole.error)
      return yield kept
    }
    for (let second = 0; second * rate < frames; second += PIECE) {
      const before = Math.min(MARGIN, second)
      const span = { startSample: (second - before) * rate, endSample: Math.min(frames, (second + PIECE + MARGIN) * rate) }
      const piece = await pool.decode({ path, sampleRate, ...span }, { signal })
      if (!piece.ok) return yield err(piece.error)
      yield ok(piece.value.samples.subarray(before * sampleRate, (before + PIECE) * sampleRate))
    }
  }
  return { [Symbol.asyncIterator]: read }
}

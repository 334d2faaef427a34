/** A recording of any length as pieces that follow one another, mono at the model's rate. */
import { err, ok, type Result } from '../kit/index.ts'
import { SEEKABLE, type DecodePool } from '../audio/index.ts'

/** Whole seconds, so that a piece starts on a whole sample at both rates. */
const PIECE = 60
/** Seconds decoded beyond each end and cut off again after resampling, whose filter reaches a few milliseconds. */
const MARGIN = 1

export async function* recordingPieces(
  pool: DecodePool,
  path: string,
  sampleRate: number,
  signal?: AbortSignal,
): AsyncGenerator<Result<Float32Array>, void, void> {
  const info = await pool.probe(path, { signal })
  if (!info.ok) return yield err(info.error)
  const { container, frames, sampleRate: rate } = info.value
  if (frames === null || !SEEKABLE.has(container) || frames <= 2 * PIECE * rate) {
    const whole = await pool.decode({ path, sampleRate }, { signal })
    return yield whole.ok ? ok(whole.value.samples) : err(whole.error)
  }
  for (let second = 0; second * rate < frames; second += PIECE) {
    const before = Math.min(MARGIN, second)
    const span = { startSample: (second - before) * rate, endSample: Math.min(frames, (second + PIECE + MARGIN) * rate) }
    const piece = await pool.decode({ path, sampleRate, ...span }, { signal })
    if (!piece.ok) return yield err(piece.error)
    yield ok(piece.value.samples.subarray(before * sampleRate, (before + PIECE) * sampleRate))
  }
}

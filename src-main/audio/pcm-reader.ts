import { AppError, err, ok, toAppError, type Result } from '../kit/index.ts'
import { readAiffHeader } from './aiff.ts'
import { openSource } from './byte-source.ts'
import { unsupported, withFile } from './faults.ts'
import { mixToMono } from './pcm.ts'
import { checkFinite, readPcm } from './pcm-layout.ts'
import { sniffContainer } from './sniff.ts'
import { readWavHeader } from './wav.ts'

/** Containers of which any span can be read without the rest. */
export const SEEKABLE: ReadonlySet<string> = new Set(['wav', 'aiff'])

/** An open file of uncompressed sound, read span by span. */
export interface PcmReader extends Disposable {
  /** Hz. */
  readonly sampleRate: number
  /** Samples of one channel. */
  readonly frames: number
  /** Mono samples of [start, end); what lies outside the file is zero. Throws an `AppError`. */
  read(start: number, end: number): Float32Array<ArrayBuffer>
}

/** Opens a WAV or AIFF file; others have to be decoded whole. The reads are synchronous: for processes of their own. */
export function openPcm(path: string): Result<PcmReader> {
  let close = (): void => {}
  try {
    const source = openSource(path)
    close = () => source[Symbol.dispose]()
    const container = sniffContainer(source)
    if (!SEEKABLE.has(container)) throw unsupported('Spans can be read of WAV and AIFF files only')
    const layout = container === 'wav' ? readWavHeader(source) : readAiffHeader(source)
    const { sampleRate, frames } = layout
    return ok({
      sampleRate,
      frames,
      read(start, end) {
        const from = Math.max(0, Math.min(start, frames))
        const to = Math.max(from, Math.min(end, frames))
        if (from === to) return new Float32Array(Math.max(0, end - start))
        const pcm = readPcm(source, layout, from, to)
        checkFinite(pcm.channels)
        const inside = mixToMono(pcm)
        if (from === start && to === end) return inside
        const samples = new Float32Array(end - start)
        samples.set(inside, from - start)
        return samples
      },
      [Symbol.dispose]: close,
    })
  } catch (cause) {
    close()
    return err(cause instanceof AppError ? withFile(cause, path) : toAppError(cause, 'opening', path))
  }
}

import { hash as hashOnce, createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { AppError, ok, type Result, err, toAppError } from '../kit/index.ts'
import { type ByteSource, memorySource, openSource } from './byte-source.ts'
import { checkAmount, checkRatio, withFile } from './faults.ts'
import { type AudioInfo, mixToMono, type Pcm } from './pcm.ts'
import { checkContent, decodeSource, probeSource } from './readers.ts'
import { resample, resampledLength } from './resample.ts'

/** Length, rate, channels and codec from the file's header, with as few bytes read as its format allows. */
export const probeAudio = async (path: string): Promise<Result<AudioInfo>> =>
  await attempt(path, 'reading the header', () => {
    using source = openSource(path)
    return probeSource(source)
  })

/** Decodes a whole file that is in memory. `name` is what an error calls it; its extension means nothing. */
export const decodeAudio = async (bytes: Uint8Array, name: string): Promise<Result<Pcm>> =>
  await attempt(name, 'decoding', () => decodeSource(memorySource(bytes)))

export interface DecodeRequest {
  readonly path: string
  /** Hz; null keeps the file's own rate. */
  readonly sampleRate: number | null
  /** The span [startSample, endSample), in samples at the file's own rate; cut before resampling. */
  readonly startSample?: number
  readonly endSample?: number
}

export interface MonoSound {
  readonly samples: Float32Array<ArrayBuffer>
  /** Hz. */
  readonly sampleRate: number
}

/** Decodes a file or a span of it, as mono, at the rate that was asked for. */
export const decodeFile = async (request: DecodeRequest): Promise<Result<MonoSound>> =>
  await attempt(request.path, 'decoding', async () => {
    using source = openSource(request.path)
    const pcm = await decodeSource(source, { start: request.startSample, end: request.endSample })
    const rate = request.sampleRate ?? pcm.sampleRate
    checkRatio(pcm.sampleRate, rate)
    checkAmount(resampledLength(pcm.channels[0]!.length, pcm.sampleRate, rate), 1)
    return { samples: resample(mixToMono(pcm), pcm.sampleRate, rate), sampleRate: rate }
  })

export interface Inspection {
  /** Of the file's bytes, lower-case hexadecimal. */
  readonly sha256: string
  readonly bytes: number
  readonly info: AudioInfo
}

/** Above this a file is hashed piece by piece, so that memory stays bounded. */
const WHOLE = 32 * 2 ** 20

/** The file's hash and header, its bytes read once. Float samples are also checked for NaN and infinity. */
export const inspectFile = async (path: string): Promise<Result<Inspection>> =>
  await attempt(path, 'reading', () => {
    if (statSync(path).size <= WHOLE) {
      const bytes = readFileSync(path)
      const info = inspectSource(memorySource(bytes))
      return { sha256: hashOnce('sha256', bytes, 'hex'), bytes: bytes.length, info }
    }
    using source = openSource(path)
    const info = inspectSource(source)
    const hash = createHash('sha256')
    for (let offset = 0; offset < source.size; offset += WHOLE / 8) hash.update(source.read(offset, WHOLE / 8))
    return { sha256: hash.digest('hex'), bytes: source.size, info }
  })

function inspectSource(source: ByteSource): AudioInfo {
  const info = probeSource(source)
  checkContent(source, info)
  return info
}

/** The edge where errors become values and learn the file's name. */
async function attempt<T>(file: string, doing: string, work: () => T | Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work())
  } catch (cause) {
    return err(cause instanceof AppError ? withFile(cause, file) : toAppError(cause, doing, file))
  }
}

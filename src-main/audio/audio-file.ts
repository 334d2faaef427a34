import { hash as hashOnce, createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { AppError, ok, type Result, err, toAppError, writeFileAtomic } from '../kit/index.ts'
import { type ByteSource, memorySource, openSource } from './byte-source.ts'
import type { MonoLength } from './decode-protocol.ts'
import { type Edit, EDIT_MARGIN, renderEdits } from './edits/index.ts'
import { encodeWav } from './encode-wav.ts'
import { type EnergyEnvelope, measureEnvelope } from './envelope.ts'
import { checkAmount, checkRatio, unsupported, withFile } from './faults.ts'
import { type AudioInfo, mixToMono, type Pcm } from './pcm.ts'
import { readPieces } from './pieces.ts'
import { checkContent, decodeSource, probeSource } from './readers.ts'
import { resample, resampledLength } from './resample.ts'
import { sampleExtremes } from './sample-extremes.ts'

/** Length, rate, channels and codec from the file's header, with as few bytes read as its format allows. */
export const probeAudio = async (path: string): Promise<Result<AudioInfo>> =>
  await attempt(path, 'reading the header', () => {
    using source = openSource(path)
    return probeSource(source)
  })

/** Decodes a whole file that is in memory. `name` is what an error calls it; its extension means nothing. */
export const decodeAudio = async (bytes: Uint8Array, name: string): Promise<Result<Pcm>> =>
  await attempt(name, 'decoding', () => decodeSource(memorySource(bytes)))

export interface FileRequest {
  readonly path: string
}

export interface DecodeRequest extends FileRequest {
  /** Hz; null keeps the file's own rate. */
  readonly sampleRate: number | null
  /** The span [startSample, endSample), in samples at the file's own rate; cut before resampling. */
  readonly startSample?: number
  readonly endSample?: number
  /** What the span's sound goes through, at the file's own rate. */
  readonly edits?: readonly Edit[] | undefined
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
    const { samples, sampleRate } = request.edits?.length ? await decodeEdited(source, request, request.edits) : await decodeSpan(source, request)
    const rate = request.sampleRate ?? sampleRate
    checkRatio(sampleRate, rate)
    checkAmount(resampledLength(samples.length, sampleRate, rate), 1)
    return { samples: resample(samples, sampleRate, rate), sampleRate: rate }
  })

type SpanRequest = Pick<DecodeRequest, 'startSample' | 'endSample'>

async function decodeSpan(source: ByteSource, { startSample, endSample }: SpanRequest): Promise<MonoSound> {
  const pcm = await decodeSource(source, { start: startSample, end: endSample })
  return { samples: mixToMono(pcm), sampleRate: pcm.sampleRate }
}

/** Seconds. Edits are for clips; denoising holds a picture of the whole sound in memory. */
const LONGEST_EDITED = 10 * 60

/** The span with the sound around it that its edits look at, edited. */
async function decodeEdited(source: ByteSource, { startSample = 0, endSample = Infinity }: SpanRequest, edits: readonly Edit[]): Promise<MonoSound> {
  const margin = Math.ceil(EDIT_MARGIN * probeSource(source).sampleRate)
  const from = Math.max(0, startSample - margin)
  const { samples, sampleRate } = await decodeSpan(source, { startSample: from, ...(endSample === Infinity ? {} : { endSample: endSample + margin }) })
  if (samples.length > (LONGEST_EDITED + 2 * EDIT_MARGIN) * sampleRate)
    throw unsupported('The clip is too long for edits of its sound', 'Split it into clips of less than ten minutes, or take its edits away.')
  const start = startSample - from
  return { samples: renderEdits({ samples, sampleRate, start, end: Math.min(samples.length, endSample - from) }, edits), sampleRate }
}

/** How loud a whole file is from frame to frame. */
export const measureFile = async (path: string): Promise<Result<EnergyEnvelope>> =>
  await attempt(path, 'measuring', async () => {
    using source = openSource(path)
    return await measureEnvelope(readPieces(source))
  })

export interface ExtremesRequest extends FileRequest {
  /** [startSample, endSample) at the file's own rate. */
  readonly startSample: number
  readonly endSample: number
  /** Samples of one pair. */
  readonly bucket: number
}

/** Lowest and highest sample (mono) of each bucket of a span; see `sampleExtremes`. */
export const measureExtremes = async ({ path, startSample, endSample, bucket }: ExtremesRequest): Promise<Result<Int16Array<ArrayBuffer>>> =>
  await attempt(path, 'decoding', async () => {
    using source = openSource(path)
    return sampleExtremes(mixToMono(await decodeSource(source, { start: startSample, end: endSample })), bucket)
  })

export interface ToWavRequest extends FileRequest {
  /** Where the copy goes: it is there whole or not at all. */
  readonly target: string
}

/** Decodes a whole file and keeps it as mono 16-bit WAV, of which any span can be read. */
export const convertToWav = async ({ path, target }: ToWavRequest): Promise<Result<MonoLength>> =>
  await attempt(path, 'decoding', async () => {
    using source = openSource(path)
    const pcm = await decodeSource(source)
    const mono = mixToMono(pcm)
    await writeFileAtomic(target, encodeWav(mono, pcm.sampleRate))
    return { frames: mono.length }
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

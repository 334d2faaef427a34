import { PEAK_BUCKET, PEAK_FACTOR, peakBucket } from '../../src-contract/index.ts'
import { waveformPeaks, type WaveformPeaks } from '../audio/index.ts'
import { ok, type Result } from '../kit/index.ts'
import type { PictureSource } from '../pictures/index.ts'
import { bytesResponse } from './byte-range.ts'
import { answerWith, failed, problem } from './media-answers.ts'
import { editsOf } from './media-edits.ts'
import { servePeakBlock, serveTile } from './media-pictures.ts'
import { serveSound } from './media-sound.ts'
import { pictureSource } from './picture-source.ts'
import type { Services } from './services.ts'

type Serve = (request: Request, services: Services, parts: readonly string[]) => Promise<Response>

/** The addresses that `src-contract/media.ts` makes. */
const ROUTES: readonly (readonly [RegExp, Serve])[] = [
  [/^\/media\/([0-9a-f]{64})\/(\d{1,12})-(\d{1,12})\.wav$/, serveSound],
  [/^\/media\/([0-9a-f]{64})\/(\d{1,12})-(\d{1,12})\.peaks$/, serveSmallWave],
  [/^\/media\/preview\/([0-9a-f]{64})$/, serveShelved],
  [/^\/media\/([0-9a-f]{64})\/peaks\/(\d{1,2})\/(\d{1,9})$/, servePeakBlock],
  [/^\/media\/([0-9a-f]{64})\/spectrogram\/([a-z]{1,16}-\d{1,6}-\d{1,6}-\d{1,6})\/(\d{1,2})\/(\d{1,9})$/, serveTile],
]

/** Sounds and pictures of the library by their address; null where the address is not one of media. */
export async function serveMedia(request: Request, services: Services): Promise<Response | null> {
  const { pathname } = new URL(request.url)
  if (!pathname.startsWith('/media/')) return null
  for (const [address, serve] of ROUTES) {
    const match = address.exec(pathname)
    if (match) return await serve(request, services, match.slice(1))
  }
  return problem(404, 'There is no such media.')
}

/** Bytes that a call made and named by their hash. */
async function serveShelved(request: Request, { shelf }: Services, [key = '']: readonly string[]): Promise<Response> {
  const found = shelf.get(key)
  return found ? bytesResponse(request, found.bytes, found.type) : problem(404, 'This preview is no longer kept.')
}

/** Seconds that are decoded for a small waveform; of longer spans the recording's peaks are used. */
const DECODED = 60
const BYTES = 'application/octet-stream'
const MAX_BINS = 4096

/** The lowest and highest sample of each of so many bins of a span; see `clipPeaksUrl`. */
async function serveSmallWave(request: Request, services: Services, [recording = '', startText = '', endText = '']: readonly string[]): Promise<Response> {
  const bins = Number(new URL(request.url).searchParams.get('bins'))
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= MAX_BINS)) return problem(400, 'bins must be 1 to 4096.')
  const source = pictureSource(services, recording)
  if (!source.ok) return failed(source.error)
  const { frames, sampleRate, path } = source.value
  const [start, end] = [Number(startText), Number(endText)]
  if (end <= start || end > frames) return problem(400, 'The span is not inside the recording')
  const edits = editsOf(request)
  if (!edits.ok) return failed(edits.error)
  // Who looks at waveforms may look at a spectrogram next.
  services.pictures.warm()
  if (edits.value.length === 0 && end - start > DECODED * sampleRate)
    return answerWith(await measuredWave(services, source.value, start, end, bins), (bytes) => bytesResponse(request, bytes, BYTES))
  const sound = await services.decodePool.decode({ path, sampleRate: null, startSample: start, endSample: end, edits: edits.value }, { signal: request.signal })
  return answerWith(sound, ({ samples }) => bytesResponse(request, toBytes(waveformPeaks(samples, bins)), BYTES))
}

/** The same of a long span, by the recording's peaks: it is measured once, and not decoded for each picture. */
async function measuredWave({ pictures: { peaks } }: Services, source: PictureSource, start: number, end: number, bins: number): Promise<Result<Uint8Array<ArrayBuffer>>> {
  for await (const step of peaks.measure(source)) if (!step.ok) return step
  const level = Math.max(0, Math.floor(Math.log((end - start) / bins / PEAK_BUCKET) / Math.log(PEAK_FACTOR)))
  const bucket = peakBucket(level)
  const first = Math.floor(start / bucket)
  const found = await peaks.pairs(source, level, first, Math.ceil(end / bucket) - first)
  if (!found.ok) return found
  const { pairs } = found.value ?? { pairs: new Int16Array(2) }
  const count = pairs.length / 2
  const extreme = (bin: number, offset: 0 | 1, pick: (...values: number[]) => number): number => {
    const from = Math.floor((bin * count) / bins)
    const to = Math.max(from + 1, Math.floor(((bin + 1) * count) / bins))
    return pick(...Array.from({ length: to - from }, (_, i) => pairs[2 * (from + i) + offset]! / 32_767))
  }
  const all = Array.from({ length: bins }, (_, bin) => bin)
  return ok(toBytes({ min: Float32Array.from(all, (bin) => extreme(bin, 0, Math.min)), max: Float32Array.from(all, (bin) => extreme(bin, 1, Math.max)) }))
}

/** Lowest and highest of each bin as signed bytes: a picture of a few dozen pixels shows no more. */
function toBytes({ min, max }: Pick<WaveformPeaks, 'min' | 'max'>): Uint8Array<ArrayBuffer> {
  const toByte = (x: number): number => Math.max(-127, Math.min(127, Math.round(x * 127)))
  const bytes = new Int8Array(2 * min.length)
  for (let bin = 0; bin < min.length; bin++) {
    bytes[2 * bin] = toByte(min[bin]!)
    bytes[2 * bin + 1] = toByte(max[bin]!)
  }
  return new Uint8Array(bytes.buffer)
}

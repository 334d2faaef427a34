import { EDITS_VERSION, encodeWav, readEdits, waveformPeaks, type Edit, type WaveformPeaks } from '../audio/index.ts'
import { findRecording } from '../catalog/index.ts'
import { AppError, fail, ok, type Result } from '../kit/index.ts'
import { bytesResponse } from './byte-range.ts'
import type { Services } from './services.ts'

const PREVIEW = /^\/media\/preview\/([0-9a-f]{64})$/
const ADDRESS = /^\/media\/([0-9a-f]{64})\/(\d{1,12})-(\d{1,12})\.(wav|peaks)$/
/** One answer holds this many seconds at most; longer sounds are asked for in parts. */
const MAX_SECONDS = 15 * 60
const MAX_BINS = 4096

/**
 * Answers the addresses that `src-contract/media.ts` makes: a span of a recording as WAV, or as the lowest and
 * highest sample of each of so many bins. null where the address is not one of media.
 */
export async function serveMedia(request: Request, services: Services): Promise<Response | null> {
  const url = new URL(request.url)
  if (!url.pathname.startsWith('/media/')) return null
  const previewed = PREVIEW.exec(url.pathname)
  if (previewed) return shelved(request, services, previewed[1]!)
  const match = ADDRESS.exec(url.pathname)
  if (!match) return problem(404, 'There is no such media.')
  const [, recording = '', start = '', end = '', kind] = match
  const bins = Number(url.searchParams.get('bins'))
  if (kind === 'peaks' && !(Number.isInteger(bins) && bins >= 1 && bins <= MAX_BINS)) return problem(400, 'bins must be 1 to 4096.')
  const edits = editsOf(url)
  if (!edits.ok) return problem(400, edits.error.message)
  const sound = await readSpan(services, { recording, start: Number(start), end: Number(end), edits: edits.value }, request.signal)
  if (!sound.ok) return problem(STATUS[sound.error.code] ?? 422, sound.error.message)
  const { samples, sampleRate } = sound.value
  return kind === 'wav'
    ? bytesResponse(request, encodeWav(samples, sampleRate), 'audio/wav')
    : bytesResponse(request, toBytes(waveformPeaks(samples, bins)), 'application/octet-stream')
}

function shelved(request: Request, { shelf }: Services, key: string): Response {
  const found = shelf.get(key)
  return found ? bytesResponse(request, found.bytes, found.type) : problem(404, 'This preview is no longer kept.')
}

const STATUS: Readonly<Partial<Record<AppError['code'], number>>> = { NOT_FOUND: 404, INVALID: 400, CANCELLED: 499 }

/** They stand in the address themselves: the same address is the same sound for ever, and unsaved ones can be heard. */
function editsOf(url: URL): Result<readonly Edit[]> {
  const text = url.searchParams.get('edits')
  if (text === null) return ok([])
  const [, version = '', json = ''] = /^(\d+):(.*)$/s.exec(text) ?? []
  return Number(version) === EDITS_VERSION ? readEdits(json) : fail('INVALID', `edits must be ${EDITS_VERSION}: and a list`)
}

interface EditedSpan {
  readonly recording: string
  readonly start: number
  readonly end: number
  readonly edits: readonly Edit[]
}

async function readSpan(services: Services, { recording: id, start, end, edits }: EditedSpan, signal: AbortSignal): Promise<Result<{ samples: Float32Array; sampleRate: number }>> {
  const recording = findRecording(services.library.catalog, id)
  if (!recording) return fail('NOT_FOUND', 'There is no such recording in this library')
  if (end <= start || end > recording.frames) return fail('INVALID', 'The span is not inside the recording')
  if (end - start > MAX_SECONDS * recording.sampleRate) return fail('INVALID', 'The span is too long for one answer')
  return services.decodePool.decode(
    { path: services.library.mediaPath(recording), sampleRate: null, startSample: start, endSample: end, edits },
    { signal },
  )
}

/** Lowest and highest of each bin as signed bytes: a picture of a few dozen pixels shows no more. */
function toBytes({ min, max }: WaveformPeaks): Uint8Array<ArrayBuffer> {
  const toByte = (x: number): number => Math.max(-127, Math.min(127, Math.round(x * 127)))
  const bytes = new Int8Array(2 * min.length)
  for (let bin = 0; bin < min.length; bin++) {
    bytes[2 * bin] = toByte(min[bin]!)
    bytes[2 * bin + 1] = toByte(max[bin]!)
  }
  return new Uint8Array(bytes.buffer)
}

const problem = (status: number, sentence: string): Response =>
  new Response(`${sentence}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } })

import { encodeWav, wavHeader, type Edit } from '../audio/index.ts'
import { ok, type Result } from '../kit/index.ts'
import type { PictureSource } from '../pictures/index.ts'
import { bytesResponse, parseByteRange } from './byte-range.ts'
import { answerWith, failed, problem } from './media-answers.ts'
import { editsOf } from './media-edits.ts'
import { pictureSource } from './picture-source.ts'
import type { Services } from './services.ts'

/** Samples decoded at a time: memory holds a few of these, however long the sound is. */
const PIECE = 2 ** 18
/** Of compressed files longer than this (seconds) a decoded copy is made: each part would cost as much as the whole. */
const COPY_FROM = 30
/** A WAV file counts its bytes in 32 bits. */
const LONGEST = Math.floor((2 ** 32 - 64) / 2)

/**
 * A span of a recording as 16-bit mono WAV, streamed: players ask for parts of it (Range) and stop reading when they
 * have enough. Reversed, its last sample comes first.
 */
export async function serveSound(request: Request, services: Services, [recording = '', startText = '', endText = '']: readonly string[]): Promise<Response> {
  const source = pictureSource(services, recording)
  if (!source.ok) return failed(source.error)
  const [start, end] = [Number(startText), Number(endText)]
  if (end <= start || end > source.value.frames) return problem(400, 'The span is not inside the recording')
  if (end - start > LONGEST) return problem(400, 'The span is too long for one WAV file')
  const edits = editsOf(request)
  if (!edits.ok) return failed(edits.error)
  if (edits.value.length > 0) return await serveEdited(request, services, { path: source.value.path, start, end, edits: edits.value })
  const reversed = new URL(request.url).searchParams.has('reversed')
  const header = wavHeader(end - start, source.value.sampleRate)
  const length = header.length + 2 * (end - start)
  const range = parseByteRange(request.headers.get('range'), length)
  const headers = new Headers({ 'content-type': 'audio/wav', 'accept-ranges': 'bytes', 'cache-control': 'private, max-age=31536000, immutable' })
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${length}`)
    return new Response(null, { status: 416, headers })
  }
  const { start: from, end: to } = range === 'whole' ? { start: 0, end: length } : range
  headers.set('content-length', String(to - from))
  if (range !== 'whole') headers.set('content-range', `bytes ${from}-${to - 1}/${length}`)
  const status = range === 'whole' ? 200 : 206
  if (request.method === 'HEAD') return new Response(null, { status, headers })

  const { frames, sampleRate } = source.value
  const path = frames > COPY_FROM * sampleRate ? await services.pictures.copies.path(source.value) : ok(source.value.path)
  if (!path.ok) return failed(path.error)
  const pieces = readPieces(services, { ...source.value, path: path.value }, { start, end, reversed, from, to, header }, request.signal)
  // The first piece is read before the answer begins: what is wrong with the file is then said, not cut off.
  const first = await pieces.next()
  if (first.done) return new Response(null, { status, headers })
  return answerWith(first.value, (bytes) => new Response(toStream(bytes, pieces), { status, headers }))
}

interface EditedSpan {
  readonly path: string
  readonly start: number
  readonly end: number
  readonly edits: readonly Edit[]
}

/** Edits look at the whole of their span, so it comes in one piece. */
async function serveEdited(request: Request, { decodePool }: Services, { path, start, end, edits }: EditedSpan): Promise<Response> {
  const sound = await decodePool.decode({ path, sampleRate: null, startSample: start, endSample: end, edits }, { signal: request.signal })
  return answerWith(sound, ({ samples, sampleRate }) => bytesResponse(request, encodeWav(samples, sampleRate), 'audio/wav'))
}

interface Part {
  readonly start: number
  readonly end: number
  readonly reversed: boolean
  /** Bytes [from, to) of the whole WAV file. */
  readonly from: number
  readonly to: number
  readonly header: Uint8Array<ArrayBuffer>
}

async function* readPieces(services: Services, source: PictureSource, { start, end, reversed, from, to, header }: Part, signal: AbortSignal): AsyncGenerator<Result<Uint8Array<ArrayBuffer>>, void, void> {
  if (from < header.length) yield ok(header.slice(from, Math.min(to, header.length)))
  const first = Math.max(0, Math.floor((from - header.length) / 2))
  const last = Math.ceil((to - header.length) / 2)
  for (let at = first; at < last; at += PIECE) {
    const until = Math.min(last, at + PIECE)
    const span = reversed ? { startSample: end - until, endSample: end - at } : { startSample: start + at, endSample: start + until }
    const sound = await services.decodePool.decode({ path: source.path, sampleRate: null, ...span }, { signal })
    if (!sound.ok) return yield sound
    const bytes = encodeWav(reversed ? sound.value.samples.reverse() : sound.value.samples, source.sampleRate).subarray(header.length)
    const offset = header.length + 2 * at
    yield ok(bytes.slice(Math.max(0, from - offset), Math.min(bytes.length, to - offset)))
  }
}

function toStream(first: Uint8Array<ArrayBuffer>, rest: AsyncGenerator<Result<Uint8Array<ArrayBuffer>>, void, void>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(first),
    async pull(controller) {
      const next = await rest.next()
      if (next.done) controller.close()
      else if (next.value.ok) controller.enqueue(next.value.value)
      else controller.error(next.value.error)
    },
    cancel: async () => void (await rest.return()),
  }, { highWaterMark: 1 })
}

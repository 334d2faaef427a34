import { UPLOAD_PIECE } from '../../src-contract/index.ts'
import type { AppError } from '../kit/index.ts'
import type { Services } from './services.ts'

const ADDRESS = /^\/upload\/([\w-]{22})$/
const STATUS: Readonly<Partial<Record<AppError['code'], number>>> = { NOT_FOUND: 404, INVALID: 400, DISK_FULL: 507, PERMISSION: 403 }

/** Takes one piece of an upload, at the address that `uploadUrl` makes. */
export async function takePiece(request: Request, services: Services): Promise<Response> {
  const url = new URL(request.url)
  const token = ADDRESS.exec(url.pathname)?.[1]
  const at = Number(url.searchParams.get('at') ?? Number.NaN)
  if (token === undefined || !Number.isSafeInteger(at) || at < 0) return answer(404, 'There is no such upload.')
  // A form of another site cannot send this type without asking first.
  if (request.headers.get('content-type') !== 'application/octet-stream') return answer(415, 'Pieces are application/octet-stream.')
  const piece = await readPiece(request)
  if (piece === null) return answer(413, `A piece has ${UPLOAD_PIECE} bytes at most.`)
  const taken = await services.uploads.receive(token, at, piece)
  if (!taken.ok) return answer(STATUS[taken.error.code] ?? 500, `${taken.error.message}. ${taken.error.hint ?? ''}`.trim())
  return taken.value.expected === null ? new Response(null, { status: 204 }) : answer(409, String(taken.value.expected))
}

/** null where it is longer than a piece may be; what comes after that is not read. */
async function readPiece(request: Request): Promise<Uint8Array | null> {
  if (request.body === null) return new Uint8Array(0)
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
    length += part.length
    if (length > UPLOAD_PIECE) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const answer = (status: number, text: string): Response =>
  new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } })

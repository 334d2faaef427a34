import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Aborted when the reader goes away before its answer is whole. */
export function leavingSignal(outgoing: ServerResponse): AbortSignal {
  const left = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) left.abort()
  })
  return left.signal
}

/** Node's request as the standard one that both doors share. Only a PUT has a body, which is read as it comes. */
export function toRequest(incoming: IncomingMessage, origin: string, signal: AbortSignal): Request | null {
  let url: URL
  try {
    url = new URL(`${origin}${incoming.url ?? '/'}`)
  } catch {
    return null
  }
  if (url.origin !== origin) return null
  const headers = new Headers()
  const range = incoming.headers.range
  if (range !== undefined) headers.set('range', range)
  if (incoming.method !== 'PUT') return new Request(url, { method: incoming.method ?? 'GET', headers, signal })
  headers.set('content-type', incoming.headers['content-type'] ?? '')
  // A streamed body needs `duplex`.
  const init = { method: 'PUT', headers, signal, body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: 'half' } as const
  return new Request(url, init)
}

/** Sends the standard answer; a reader that went away ends it quietly. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null || outgoing.req.method === 'HEAD') {
    await response.body?.cancel()
    outgoing.end()
    return
  }
  try {
    await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), outgoing)
  } catch {
    outgoing.destroy()
  }
}

import type { StandardHandler } from '@orpc/server/standard'
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer'
import { ServerPeer } from '@orpc/standard-server-peer'
import type { Services } from './services.ts'

export interface CallContext {
  readonly services: Services
}
export type CallHandler = StandardHandler<CallContext>

/** A connection as both transports show it: frames of text in, frames of text out. */
export interface Peer {
  receive(frame: unknown): void
  close(): void
}

export interface PeerOptions {
  readonly handler: CallHandler
  readonly services: Services
  readonly send: (frame: string | Uint8Array<ArrayBuffer>) => void
  /** The other side broke the protocol: the transport ends the connection. */
  readonly refuse: () => void
}

/** A frame longer than this is refused before it is read, in UTF-16 code units. */
export const MAX_FRAME = 4 << 20

/**
 * One peer for both transports, so that they cannot differ. Every call is text: bulk bytes go by GET, and a
 * frame of bytes (or one that is not of the protocol) ends the connection instead of reaching a parser.
 */
export function createPeer({ handler, services, send, refuse }: PeerOptions): Peer {
  const handle = createServerPeerHandleRequestFn(handler, { context: { services } })
  let closed = false
  const peer = new ServerPeer((frame) => {
    if (!closed) send(frame as string | Uint8Array<ArrayBuffer>)
  })
  const close = () => {
    if (closed) return
    closed = true
    peer.close()
  }
  return {
    receive(frame) {
      if (closed) return
      if (typeof frame !== 'string' || frame.length > MAX_FRAME || !isCallFrame(frame)) {
        close()
        refuse()
        return
      }
      // A stream that its caller left rejects here; handlers report their own errors before this point.
      peer.message(frame, handle).catch(() => undefined)
    },
    close,
  }
}

/** What the protocol allows from a caller: a request with a path and a JSON body, or the end of a stream. */
function isCallFrame(text: string): boolean {
  let frame: unknown
  try {
    frame = JSON.parse(text)
  } catch {
    return false
  }
  if (!isRecord(frame) || typeof frame['i'] !== 'string' || frame['i'].length > 64) return false
  const kind = frame['t'] ?? REQUEST
  if (kind === ABORT) return true
  const request = frame['p']
  if (kind !== REQUEST || !isRecord(request)) return false
  const { u: url, m: method, h: headers, b: body } = request
  return (
    typeof url === 'string' &&
    url.startsWith('/') &&
    method === undefined &&
    // No headers: they would choose another body parser (forms, files, streams).
    (headers === undefined || (isRecord(headers) && Object.keys(headers).length === 0)) &&
    (body === undefined || (isRecord(body) && isMeta(body['meta'])))
  )
}

const REQUEST = 1
const ABORT = 4

/** Annotations of values that JSON cannot hold (undefined, dates); calls use none but `undefined`. */
const isMeta = (meta: unknown): boolean =>
  meta === undefined ||
  (Array.isArray(meta) && meta.every((item) => Array.isArray(item) && item.every((part) => typeof part === 'string' || typeof part === 'number')))

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

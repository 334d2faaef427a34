import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError, err, ok, toAppError, type Result } from '../../kit/index.ts'
import { SOCKET_PATH } from '../../../src-contract/index.ts'
import { withSecurityHeaders, type SocketTransport } from '../../rpc/index.ts'
import { cookieOf, isMeantForUs, placeOf, type Place } from './guard.ts'
import { leavingSignal, sendResponse, toRequest } from './http-adapter.ts'
import { createGatekeeper } from './secrets.ts'

export interface ServerOptions {
  /** A loopback address unless the person says otherwise; never a wildcard. */
  readonly address: string
  /** 0: any free port. */
  readonly port: number
  /** Answers requests that have passed every check. */
  readonly answer: (request: Request) => Promise<Response>
  readonly sockets: SocketTransport
  /** An address with a used token was opened: the person may want a fresh one. */
  readonly onUsedAddress?: (fresh: string) => void
}

export interface Server extends AsyncDisposable {
  readonly place: Place
  /** The address with a token that opens once. */
  address(): string
}

const WILDCARDS = new Set(['0.0.0.0', '::', '*', ''])

export async function startServer(options: ServerOptions): Promise<Result<Server>> {
  if (WILDCARDS.has(options.address))
    return err(
      new AppError('USAGE', 'The studio is served on one address, not on all of them', {
        hint: 'Name the address that others use to reach this machine, or use an SSH tunnel to 127.0.0.1.',
      }),
    )
  const gate = createGatekeeper()
  const http = createServer({ headersTimeout: 10_000, requestTimeout: 10_000, maxHeaderSize: 16 << 10 })
  try {
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject)
      http.listen(options.port, options.address, resolve)
    })
  } catch (cause) {
    return err(listenError(cause, options))
  }
  const place = placeOf(options.address, (http.address() as AddressInfo).port)
  const address = () => `${place.origin}/?token=${gate.token}`

  const answer = async (incoming: IncomingMessage, signal: AbortSignal): Promise<Response> => {
    // What changes something must say that it comes from our page.
    const isUpload = incoming.method === 'PUT' && incoming.url?.startsWith('/upload/') === true
    if (!isMeantForUs(incoming, place, isUpload)) return refusal(403, 'This request was not meant for Espectro.')
    if (incoming.method !== 'GET' && incoming.method !== 'HEAD' && !isUpload) return refusal(405, 'Only GET.')
    const request = toRequest(incoming, place.origin, signal)
    if (!request) return refusal(400, 'This is not an address.')
    const admitted = gate.admits(cookieOf(incoming, place.cookieName))
    const url = new URL(request.url)
    if (url.pathname === '/' && url.searchParams.has('token')) {
      const session = gate.exchange(url.searchParams.get('token'))
      if (session !== null) return entrance(place, session)
      if (admitted) return new Response(null, { status: 303, headers: { location: '/' } })
      options.onUsedAddress?.(address())
    }
    if (!admitted) return refusal(401, 'Open the address that Espectro printed when it started. Each address opens once; a used one makes it print another.')
    return options.answer(request)
  }

  http.on('request', (incoming, outgoing) => {
    answer(incoming, leavingSignal(outgoing))
      .catch(() => refusal(500, 'Something went wrong.'))
      .then((response) => sendResponse(withSecurityHeaders(response), outgoing))
      .catch(() => outgoing.destroy())
  })
  http.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const open =
      isMeantForUs(incoming, place, true) && incoming.url === SOCKET_PATH && gate.admits(cookieOf(incoming, place.cookieName))
    if (open) options.sockets.accept(incoming, socket, head)
    else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })

  return ok({
    place,
    address,
    async [Symbol.asyncDispose]() {
      options.sockets.close()
      http.closeAllConnections()
      await new Promise<void>((resolve) => http.close(() => resolve()))
    },
  })
}

/** Trades the token in the address for the cookie, and sends the browser to the address without it. */
const entrance = (place: Place, session: string): Response =>
  new Response(null, {
    status: 303,
    headers: {
      location: '/',
      'set-cookie': `${place.cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
      'cache-control': 'no-store',
    },
  })

const refusal = (status: number, sentence: string): Response =>
  new Response(`${sentence}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } })

function listenError(cause: unknown, { address, port }: ServerOptions): AppError {
  const code = (cause as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE')
    return new AppError('ALREADY_EXISTS', `Port ${port} of ${address} is taken`, { cause, hint: 'Choose another with --port, or 0 for any.' })
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new AppError('INVALID', `${address} is not an address of this machine`, { cause, hint: 'Use 127.0.0.1.' })
  return toAppError(cause, `serving on ${address}:${port}`)
}

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { createPeer, MAX_FRAME, type CallHandler } from './peer.ts'
import type { Services } from './services.ts'

export interface SocketTransport {
  /** Takes over a connection whose upgrade request has been checked already. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  readonly connections: number
  close(): void
}

/** A page that vanished without a word (a sleeping laptop, a cut cable) is noticed after two of these, ms. */
const HEARTBEAT = 20_000

/** Serves calls over WebSockets. */
export function createSocketTransport(handler: CallHandler, services: Services): SocketTransport {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME, perMessageDeflate: false })
  const alive = new WeakSet<object>()
  const heartbeat = setInterval(() => {
    for (const socket of server.clients) {
      if (!alive.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, HEARTBEAT)
  heartbeat.unref()

  return {
    accept(request, duplex, head) {
      server.handleUpgrade(request, duplex, head, (socket) => {
        alive.add(socket)
        const peer = createPeer({
          handler,
          services,
          send: (frame) => {
            if (socket.readyState === socket.OPEN) socket.send(frame)
          },
          refuse: () => socket.close(1008, 'not a call'),
        })
        socket.on('pong', () => alive.add(socket))
        socket.on('message', (data, isBinary) => peer.receive(isBinary ? data : String(data)))
        socket.on('close', () => peer.close())
        // Broken frames and oversized payloads: ws closes the connection itself.
        socket.on('error', () => peer.close())
      })
    },
    get connections() {
      return server.clients.size
    },
    close() {
      clearInterval(heartbeat)
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}

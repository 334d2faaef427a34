import { createPeer, type CallHandler } from './peer.ts'
import type { Services } from './services.ts'

/**
 * The side of a MessagePort that Node's `worker_threads` and Electron's `MessageChannelMain` share. Node hands
 * over the value itself, Electron an event with the value in `data`.
 */
export interface MessagePortLike {
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'close', listener: () => void): unknown
  postMessage(message: unknown): void
  start(): void
  close(): void
}

/** Serves calls over a port until it closes. */
export function servePort(port: MessagePortLike, handler: CallHandler, services: Services): void {
  const peer = createPeer({
    handler,
    services,
    send: (frame) => port.postMessage(frame),
    refuse: () => port.close(),
  })
  port.on('message', (message) => peer.receive(isEvent(message) ? message.data : message))
  port.on('close', () => peer.close())
  port.start()
}

const isEvent = (message: unknown): message is { data: unknown } =>
  typeof message === 'object' && message !== null && 'data' in message

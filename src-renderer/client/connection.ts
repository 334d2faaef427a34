import { createORPCClient, DynamicLink, type ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { PORT_MESSAGE, SOCKET_PATH, type Contract } from '@contract'
import { readonly, ref, type Ref } from 'vue'

export type Client = ContractRouterClient<Contract>
type Link = ClientLink<Record<never, never>>

/** `expired`: the program was started again, and this page's cookie belongs to the one before. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'expired'

export interface Connection {
  readonly client: Client
  readonly state: Readonly<Ref<ConnectionState>>
  /** Follows a stream for as long as the page lives, and again after every reconnection. */
  follow<T>(open: (signal: AbortSignal) => Promise<AsyncIterable<T>>, each: (event: T) => void): void
}

/** Waits between tries, ms; the last one repeats. */
const WAITS = [150, 300, 600, 1200, 2500, 5000]

interface Opened {
  readonly link: Link
  readonly closed: Promise<void>
}

/** Calls wait while there is no connection; what was under way when it broke is rejected, never sent twice. */
export function connect(): Connection {
  const state = ref<ConnectionState>('connecting')
  let opening = Promise.withResolvers<Link>()
  let left = new AbortController()

  async function keepOpen(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        const { link, closed } = await (window.espectro ? openPort() : openSocket())
        attempt = 0
        state.value = 'open'
        opening.resolve(link)
        await closed
        opening = Promise.withResolvers<Link>()
        left.abort()
        left = new AbortController()
      } catch {
        // The next try follows.
      }
      state.value = (await isExpired()) ? 'expired' : 'lost'
      if (state.value === 'expired') return
      await new Promise((resolve) => setTimeout(resolve, WAITS[Math.min(attempt, WAITS.length - 1)]))
    }
  }
  void keepOpen()

  return {
    client: createORPCClient<Client>(new DynamicLink(() => opening.promise)),
    state: readonly(state),
    follow(open, each) {
      const run = async (): Promise<void> => {
        for (;;) {
          await opening.promise
          const { signal } = left
          try {
            for await (const event of await open(signal)) each(event)
          } catch {
            // A broken connection: wait for the next.
          }
          await new Promise((resolve) => setTimeout(resolve, WAITS[0]))
        }
      }
      void run()
    },
  }
}

function openSocket(): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const websocket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${SOCKET_PATH}`)
    const closed = new Promise<void>((done) => websocket.addEventListener('close', () => done(), { once: true }))
    const link: Link = new SocketLink({ websocket })
    websocket.addEventListener('open', () => resolve({ link, closed }), { once: true })
    websocket.addEventListener('close', () => reject(new Error('not connected')), { once: true })
  })
}

async function openPort(): Promise<Opened> {
  const { promise, resolve } = Promise.withResolvers<MessagePort>()
  const onMessage = (event: MessageEvent): void => {
    if (event.source !== window || event.data !== PORT_MESSAGE || !event.ports[0]) return
    window.removeEventListener('message', onMessage)
    resolve(event.ports[0])
  }
  window.addEventListener('message', onMessage)
  window.espectro?.connect()
  const port = await promise
  const closed = new Promise<void>((done) => port.addEventListener('close', () => done(), { once: true }))
  const link: Link = new PortLink({ port })
  port.start()
  return { link, closed }
}

async function isExpired(): Promise<boolean> {
  if (window.espectro) return false
  const response = await fetch('/', { method: 'HEAD', cache: 'no-store' }).catch(() => null)
  return response?.status === 401
}

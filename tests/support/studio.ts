import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import type { Contract } from '../../src-contract/index.ts'
import { openStudio, type Studio } from '../../src-main/app/studio.ts'
import { encodeWav } from '../../src-main/audio/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createSocketTransport, servePort } from '../../src-main/rpc/index.ts'

export type TestClient = ContractRouterClient<Contract>

export interface TestStudio extends AsyncDisposable {
  /** Holds the library, the recordings and the page. */
  readonly folder: string
  readonly recordings: string
  readonly page: string
  readonly studio: Studio
  /** What handlers threw that never should. */
  readonly bugs: unknown[]
}

const RATE = 8000

/** A tone of so many seconds; every pitch is another recording. */
export const tone = (hertz: number, seconds: number): Float32Array =>
  Float32Array.from({ length: Math.round(RATE * seconds) }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / RATE))

/** Writes `label_speaker_take.wav` tones: every label by every speaker, so many takes each. */
export function writeTones(folder: string, labels: readonly string[], speakers: readonly string[], takes: number): number {
  mkdirSync(folder, { recursive: true })
  let count = 0
  for (const label of labels)
    for (const speaker of speakers)
      for (let take = 0; take < takes; take++)
        writeFileSync(join(folder, `${label}_${speaker}_${take}.wav`), encodeWav(tone(200 + 7 * count++, 0.2 + 0.05 * take), RATE))
  return count
}

/** A real studio on a fresh library, with a folder of twelve recordings beside it and a small page. */
export function testStudio(options: { readonly typedPaths?: boolean } = {}): TestStudio {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-studio-'))
  const recordings = join(folder, 'recordings')
  writeTones(recordings, ['no', 'yes'], ['ana', 'luis'], 3)
  const page = join(folder, 'page')
  mkdirSync(join(page, 'assets'), { recursive: true })
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Espectro</title>')
  writeFileSync(join(page, 'assets', 'app-1a2b.js'), 'export {}')
  const bugs: unknown[] = []
  const studio = unwrap(openStudio({
    library: join(folder, 'library'), page, typedPaths: options.typedPaths ?? true, places: [folder], onBug: (cause) => bugs.push(cause),
  }))
  return {
    folder, recordings, page, studio, bugs,
    async [Symbol.asyncDispose]() {
      await studio[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Connected extends AsyncDisposable {
  readonly client: TestClient
  /** Sends a frame as it is; the answer is the next frame, or null where the connection was ended instead. */
  raw(frame: string | Uint8Array): Promise<string | null>
}

/** The desktop window's transport, with Node's MessageChannel in the place of Electron's. */
export async function connectByPort({ studio }: TestStudio): Promise<Connected> {
  const open = () => {
    const { port1, port2 } = new MessageChannel()
    servePort(port1, studio.calls, studio.services)
    return port2
  }
  const port = open()
  const client: TestClient = createORPCClient(new PortLink({ port: port as never }))
  port.start()
  return {
    client,
    async raw(frame) {
      const own = open()
      const ended = once(own, 'close').then(() => null)
      const answered = once(own, 'message').then(([answer]) => String(answer))
      own.postMessage(frame)
      const answer = await Promise.race([answered, ended])
      own.close()
      return answer
    },
    [Symbol.asyncDispose]: async () => port.close(),
  }
}

/** Served mode's transport, without its door: the door has tests of its own. */
export async function connectBySocket({ studio }: TestStudio): Promise<Connected> {
  const sockets = createSocketTransport(studio.calls, studio.services)
  const http = createServer()
  http.on('upgrade', sockets.accept)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/rpc`
  const websocket = new WebSocket(address)
  const client: TestClient = createORPCClient(new SocketLink({ websocket: websocket as never }))
  await once(websocket, 'open')
  return {
    client,
    async raw(frame) {
      const own = new WebSocket(address)
      await once(own, 'open')
      const ended = new Promise<null>((resolve) => own.once('close', () => resolve(null)))
      const answered = new Promise<string>((resolve) => own.once('message', (data) => resolve(String(data))))
      own.on('error', () => undefined)
      own.send(frame)
      const answer = await Promise.race([answered, ended])
      own.terminate()
      return answer
    },
    async [Symbol.asyncDispose]() {
      websocket.terminate()
      sockets.close()
      http.closeAllConnections()
      await new Promise<void>((resolve) => http.close(() => resolve()))
    },
  }
}

export const TRANSPORTS = [
  ['MessagePort', connectByPort],
  ['WebSocket', connectBySocket],
] as const

/** Imports the twelve recordings as the dataset `words`; returns its id. */
export async function importWords(client: TestClient, recordings: string): Promise<number> {
  const { here } = await client.imports.open({ path: recordings })
  let dataset = 0
  const request = { place: here.token, dataset: 'words', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' }, link: false, decoded: null } as const
  for await (const event of await client.imports.start(request)) if (event.type === 'report') dataset = event.report.dataset
  return dataset
}

export const everything = (dataset: number) => ({
  dataset, search: '', labels: [], splits: [], speakers: [], sessions: [], folders: [], reviews: [], quality: [], marks: [], seconds: { from: null, to: null }, binned: false,
})

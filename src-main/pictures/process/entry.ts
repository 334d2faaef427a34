/** The script of the process of spectrograms: reads windows of a file and runs the graph on them, one tile after the other. */
import { openPcm, type PcmReader } from '../../audio/index.ts'
import { AppError, connectParent, toAppError, unwrap } from '../../kit/index.ts'
import { createSession, tensor, type Session } from '../../runtime/index.ts'
import { createStftModel, type StftGraph } from '../stft-graph.ts'
import { gatherWindows } from '../tile-windows.ts'
import type { TileRequest, ToChild } from './messages.ts'

/** Files and graphs that are kept open: a person goes back and forth between a few. */
const KEPT = 8
/** Values of one run of the graph: its steps then fit the caches, and memory stays small whatever the window. */
const RUN_VALUES = 2 ** 20

const parent = connectParent()
const files = new Map<string, PcmReader>()
const sessions = new Map<string, Session>()

async function kept<T>(map: Map<string, T>, key: string, make: () => T | Promise<T>, drop: (value: T) => void | PromiseLike<void>): Promise<T> {
  const value = map.get(key) ?? (await make())
  map.delete(key)
  map.set(key, value)
  const oldest = map.size > KEPT ? map.entries().next().value : undefined
  if (oldest) {
    map.delete(oldest[0])
    await drop(oldest[1])
  }
  return value
}

const fileOf = (path: string): Promise<PcmReader> =>
  kept(files, path, () => unwrap(openPcm(path)), (file) => file[Symbol.dispose]())
const sessionOf = (graph: StftGraph): Promise<Session> =>
  kept(
    sessions, JSON.stringify(graph),
    async () => unwrap(await createSession(createStftModel(graph), { device: 'cpu' })),
    (session) => session[Symbol.asyncDispose](),
  )

async function computeTile({ path, graph, plan }: TileRequest): Promise<Uint8Array> {
  const pcm = await fileOf(path)
  const session = await sessionOf(graph)
  const bins = graph.fftSize / 2 + 1
  const tile = new Uint8Array(plan.columns * bins)
  const step = Math.max(1, Math.floor(RUN_VALUES / (graph.fftSize * plan.windows)))
  for (let done = 0; done < plan.columns; done += step) {
    const columns = Math.min(step, plan.columns - done)
    const frames = gatherWindows(pcm, plan, plan.first + done, plan.first + done + columns)
    const run = await session.run({ frames: tensor(frames, [columns * plan.windows, plan.size]) }, ['columns'])
    tile.set(run['columns']!.data as Uint8Array, done * bins)
  }
  return tile
}

let last: Promise<unknown> = Promise.resolve()
parent.onDisconnect(() => process.exit(0))
process.on('SIGINT', () => {}) // the parent decides what an interrupt means
parent.onMessage((message) => {
  const { id, request } = message as ToChild
  last = last.then(async () => {
    try {
      await parent.send({ id, tile: await computeTile(request) })
    } catch (cause) {
      // A file that was replaced is opened again the next time.
      files.get(request.path)?.[Symbol.dispose]()
      files.delete(request.path)
      const error = cause instanceof AppError ? cause : toAppError(cause, 'drawing the spectrogram')
      await parent.send({ id, error: error.toJSON() })
    }
  })
})

import { encodeWav } from '../../audio/index.ts'
import { listModels } from '../../catalog/index.ts'
import { keepSound } from '../../curation/index.ts'
import { fail, ok, type Result } from '../../kit/index.ts'
import type { LiveEvent } from '../../recognition/index.ts'
import { answer, asCallError } from '../call-errors.ts'
import { createEventQueue } from '../event-queue.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'

/** How often the recogniser's own work is told, ms. */
const LOAD_EVERY = 1000

export const recognition = {
  listen: calls.recognition.listen.handler(async function* ({ input, context: { services }, signal }) {
    const path = answer(modelPath(services, input.model))
    const queue = createEventQueue<ReturnType<typeof toEvent>>()
    const load = createLoadMeter()
    const session = answer(
      await services.listening.open(path, input.options, (events, latency) => {
        for (const event of events) queue.push(toEvent(event))
        const told = load(latency)
        if (told) queue.push({ type: 'load', ...told })
      }),
    )
    signal?.addEventListener('abort', queue.end, { once: true })
    let failure: unknown
    void session.failed.then((error) => {
      failure = error
      queue.end()
    })
    try {
      const { labels, sampleRate, clipSeconds } = session.model.info
      yield { type: 'ready' as const, session: session.id, labels: [...labels], sampleRate, seconds: clipSeconds }
      yield* queue.read()
      if (failure !== undefined) throw failure
    } catch (cause) {
      throw asCallError(cause, services.onBug)
    } finally {
      await session[Symbol.asyncDispose]()
    }
  }),
  hear: calls.recognition.hear.handler(async ({ input, context: { services } }) => {
    answer(await services.listening.hear(input.session, fromBase64(input.samples)))
    return {}
  }),
  keep: calls.recognition.keep.handler(async ({ input: { session, start, end, dataset, label }, context: { services } }) => {
    const { samples, sampleRate } = answer(services.listening.recall(session, start, end))
    const name = `heard-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.wav`
    const sound = { bytes: encodeWav(samples, sampleRate), name, dataset, label, session: 'live' }
    const kept = answer(await keepSound(services.library, services.decodePool, sound, 'keep detection'))
    services.changes.announce()
    return { clip: kept.clip, added: kept.added }
  }),
}

function modelPath({ library }: Services, id: string): Result<string> {
  const model = listModels(library).find((m) => m.id === id)
  return model ? ok(model.file) : fail('NOT_FOUND', 'There is no such model in this library', { hint: 'Export a run first.' })
}

const round = (x: number): number => Math.round(x * 1e4) / 1e4

function toEvent(event: LiveEvent | ({ readonly type: 'load' } & Load)) {
  if (event.type === 'load') return event
  if (event.type === 'detection') return { ...event, start: round(event.start), end: round(event.end), time: round(event.time) }
  const { type, time, level, background, scores } = event
  return { type, time: round(time), level: round(level), background: round(background), scores: scores && Array.from(scores, round) }
}

interface Load {
  readonly latency: number
  readonly share: number
}

/** The mean latency of the last second and the share of it that was work, once a second. */
function createLoadMeter(): (latency: number) => Load | null {
  let since = performance.now()
  let sum = 0
  let count = 0
  return (latency) => {
    sum += latency
    count++
    const passed = performance.now() - since
    if (passed < LOAD_EVERY) return null
    const told = { latency: sum / count, share: sum / passed }
    since += passed
    sum = count = 0
    return told
  }
}

function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  const count = bytes.length >> 1
  return Float32Array.from({ length: count }, (_, i) => bytes.readInt16LE(2 * i) / 32768)
}

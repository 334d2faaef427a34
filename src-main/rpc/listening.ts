/** The live sessions of a program: each a model in its own process, found by its name when sound arrives for it. */
import { randomBytes } from 'node:crypto'
import { AppError, err, fail, ok, type Result } from '../kit/index.ts'
import { createLiveRecogniser, startModelProcess, type LiveEvent, type LiveOptions, type ModelProcess } from '../recognition/index.ts'

export interface Listening extends AsyncDisposable {
  /** Loads the model and waits for sound. Events of one `hear` come together, with the milliseconds that they took. */
  open(path: string, options: LiveOptions, on: (events: readonly LiveEvent[], latency: number) => void): Promise<Result<ListeningSession>>
  /** The next samples of a session, mono at its model's rate. Waits its turn behind what was heard before. */
  hear(session: string, samples: Float32Array): Promise<Result<void>>
  /** What was heard from `start` to `end` (seconds), with a little around it. */
  recall(session: string, start: number, end: number): Result<Recalled>
}

export interface Recalled {
  readonly samples: Float32Array
  /** Hz */
  readonly sampleRate: number
}

export interface ListeningSession extends AsyncDisposable {
  readonly id: string
  readonly model: ModelProcess
  /** Rejects nothing: why the session ended by itself. */
  readonly failed: Promise<AppError>
}

interface Open {
  readonly recall: (start: number, end: number) => Result<Recalled>
  readonly push: (samples: Float32Array) => Promise<Result<void>>
}

/** Pieces of sound that may wait. A recogniser that is so far behind never catches up. */
const MOST_WAITING = 100
/** Seconds kept before and after a sound: its soft ends. */
const AROUND = 0.05
/** Models in memory at once. */
const MOST_SESSIONS = 8

export function createListening(): Listening {
  const sessions = new Map<string, Open>()
  const models = new Set<ModelProcess>()

  return {
    async open(path, options, on) {
      if (models.size >= MOST_SESSIONS) return fail('LIBRARY_BUSY', 'Too many models listen at once', { hint: 'Stop listening in another window.' })
      const started = await startModelProcess(path, { threads: 1 })
      if (!started.ok) return started
      const model = started.value
      models.add(model)
      const made = await createLiveRecogniser(model, options)
      if (!made.ok) {
        models.delete(model)
        await model[Symbol.asyncDispose]()
        return made
      }
      const live = made.value
      const failed = Promise.withResolvers<AppError>()
      const id = randomBytes(16).toString('base64url')
      let waiting = 0
      let last: Promise<unknown> = Promise.resolve()
      const work = async (samples: Float32Array, arrived: number): Promise<Result<void>> => {
        const events = await live.push(samples)
        waiting--
        if (!events.ok) {
          failed.resolve(events.error)
          return events
        }
        on(events.value, performance.now() - arrived)
        return ok(undefined)
      }
      sessions.set(id, {
        recall: (start, end) => {
          const samples = live.recall(Math.max(0, start - AROUND), end + AROUND) ?? live.recall(start, end)
          return samples
            ? ok({ samples, sampleRate: model.info.sampleRate })
            : fail('NOT_FOUND', 'This sound is no longer remembered', { hint: 'The last minute can be kept.' })
        },
        push: (samples) => {
          if (++waiting > MOST_WAITING) {
            const error = new AppError('CANCELLED', 'This computer is too slow for the model at this hop', { hint: 'Choose a longer hop, or a smaller model.' })
            failed.resolve(error)
            return Promise.resolve(err(error))
          }
          const arrived = performance.now()
          const done = last.then(() => work(samples, arrived))
          last = done
          return done
        },
      })
      return ok({
        id,
        model,
        failed: failed.promise,
        async [Symbol.asyncDispose]() {
          sessions.delete(id)
          models.delete(model)
          await model[Symbol.asyncDispose]()
        },
      })
    },
    async hear(session, samples) {
      return (await sessions.get(session)?.push(samples)) ?? fail('NOT_FOUND', 'This listening has ended')
    },
    recall: (session, start, end) => sessions.get(session)?.recall(start, end) ?? fail('NOT_FOUND', 'This listening has ended'),
    async [Symbol.asyncDispose]() {
      sessions.clear()
      await Promise.all([...models].map((model) => model[Symbol.asyncDispose]()))
    },
  }
}

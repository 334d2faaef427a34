/**
 * The script of the recognition process: inspects and loads one model, and runs it. A model that crashes or fills
 * the memory takes only this process with it. It ends with its parent.
 */
import { AppError, connectParent, toAppError, unwrap, assert } from '../../kit/index.ts'
import { loadModel, type LoadedModel } from '../../models/index.ts'
import { createSession, floats, tensor, type Session } from '../../runtime/index.ts'
import { createWindowEngine, type WindowEngine } from '../windows/window-engine.ts'
import { createWindowScorer, type WindowScorer } from '../windows/window-scorer.ts'
import { limitMemory } from './memory-limit.ts'
import type { Answers, Request, ToChild } from './messages.ts'

const parent = connectParent()
let loaded: { readonly model: LoadedModel; readonly session: Session; readonly threads: number | null } | undefined
let engine: WindowEngine | undefined
/** Of the endless signal; another hop begins another one. */
let stream: { readonly hop: number; readonly scorer: WindowScorer } | undefined

const work: { readonly [T in Request['type']]: (request: Extract<Request, { type: T }>) => Promise<Answers[T]> } = {
  async load({ path, threads, memory }) {
    limitMemory(memory)
    const model = unwrap(await loadModel(path))
    const session = unwrap(await createSession(model.bytes, { device: 'cpu', ...(threads === null ? {} : { threads }) }))
    loaded = { model, session, threads }
    return model.info
  },
  async classify({ samples }) {
    const run = await theModel().session.run({ waveform: tensor(samples, [1, samples.length]) }, ['probabilities'])
    return floats(run['probabilities']!)
  },
  prepare: async () => ({ frameHop: (await theEngine()).shared?.layout.hop ?? null }),
  async slide({ samples, hop, windows }) {
    const ready = await theEngine()
    const whole = new Float32Array((windows - 1) * hop + ready.length)
    whole.set(samples.subarray(0, whole.length))
    return createWindowScorer(ready, hop).push(whole)
  },
  async stream({ samples, hop }) {
    if (stream?.hop !== hop) stream = { hop, scorer: createWindowScorer(await theEngine(), hop) }
    return stream.scorer.push(samples)
  },
}

function theModel() {
  assert(loaded, 'a model is loaded first')
  return loaded
}

async function theEngine(): Promise<WindowEngine> {
  const { model, session, threads } = theModel()
  return (engine ??= await createWindowEngine(model, session, threads))
}

const perform = <T extends Request['type']>(request: Extract<Request, { type: T }>): Promise<Answers[T]> => work[request.type as T](request)

let last: Promise<unknown> = Promise.resolve()
parent.onDisconnect(() => process.exit(0))
process.on('SIGINT', () => {}) // the parent decides what an interrupt means
parent.onMessage((message) => {
  const { id, request } = message as ToChild
  last = last.then(async () => {
    try {
      await parent.send({ id, value: await perform(request) })
    } catch (cause) {
      const error = cause instanceof AppError ? cause : toAppError(cause, 'running the model')
      await parent.send({ id, error: error.toJSON() })
    }
  })
})

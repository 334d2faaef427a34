/**
 * The script of the recognition process: inspects and loads one model, and runs it. A model that crashes or fills
 * the memory takes only this process with it. It ends with its parent.
 */
import { AppError, connectParent, toAppError, unwrap, assert } from '../../kit/index.ts'
import { loadModel, type ModelInfo } from '../../models/index.ts'
import { createSession, floats, tensor, type Session } from '../../runtime/index.ts'
import { limitMemory } from './memory-limit.ts'
import type { Answers, Request, ToChild } from './messages.ts'

/** Windows in one run: enough for the matrix products, little enough for the caches. */
const BATCH = 16

const parent = connectParent()
let session: Session | undefined
let batchSize = BATCH

const work = {
  async load({ path, threads, memory }: Extract<Request, { type: 'load' }>): Promise<ModelInfo> {
    limitMemory(memory)
    const { info, bytes } = unwrap(await loadModel(path))
    batchSize = Math.min(BATCH, info.batch ?? BATCH)
    session = unwrap(await createSession(bytes, { device: 'cpu', ...(threads === null ? {} : { threads }) }))
    return info
  },
  classify: ({ samples }: Extract<Request, { type: 'classify' }>) => probabilities(samples, 1),
  async slide({ samples, length, hop, windows }: Extract<Request, { type: 'slide' }>): Promise<Float32Array> {
    let scores = new Float32Array(0)
    for (let first = 0; first < windows; first += batchSize) {
      const count = Math.min(batchSize, windows - first)
      const batch = new Float32Array(count * length)
      for (let w = 0; w < count; w++) {
        const start = (first + w) * hop
        batch.set(samples.subarray(start, start + length), w * length)
      }
      const rows = await probabilities(batch, count)
      if (first === 0) scores = new Float32Array((rows.length / count) * windows)
      scores.set(rows, (rows.length / count) * first)
    }
    return scores
  },
}

async function probabilities(waveforms: Float32Array, count: number): Promise<Float32Array> {
  assert(session, 'a model is loaded first')
  const run = await session.run({ waveform: tensor(waveforms, [count, waveforms.length / count]) }, ['probabilities'])
  return floats(run['probabilities']!)
}

async function perform(request: Request): Promise<Answers[Request['type']]> {
  if (request.type === 'load') return await work.load(request)
  return request.type === 'classify' ? await work.classify(request) : await work.slide(request)
}

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

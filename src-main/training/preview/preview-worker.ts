/**
 * The preview's thread: varies clips as the training's threads do, one job after the other. It keeps the front end of
 * the last job. It ends when it is told to; ending it from outside in the middle of a run would abort the process.
 */
import { parentPort } from 'node:worker_threads'
import { createFittedFrontEndModel, frontEndHash, frontEndShape, type FrontEndConfig } from '../../features/index.ts'
import { AppError, assert, unwrap } from '../../kit/index.ts'
import { createSession, type Session } from '../../runtime/index.ts'
import { createClipPool } from '../augmenting/clip-pool.ts'
import { frontEndRunner } from '../front-end-runner.ts'
import { createVariations, type ClipPlace, type Variations } from '../variation.ts'
import type { FromPreview, PreviewDraw, PreviewJob, PreviewResult, ToPreview } from './protocol.ts'

const port = parentPort
assert(port, 'the preview runs only as a worker thread')
let kept: { readonly hash: string; readonly session: Session } | null = null

async function sessionFor(frontEnd: FrontEndConfig): Promise<Session> {
  const hash = frontEndHash(frontEnd)
  if (kept?.hash === hash) return kept.session
  await kept?.session[Symbol.asyncDispose]()
  kept = null
  const session = unwrap(await createSession(createFittedFrontEndModel(frontEnd), { device: 'cpu', threads: 1 }))
  kept = { hash, session }
  return session
}

async function perform({ frontEnd, policy, seed, places, labels, labelNames, clips }: PreviewJob): Promise<PreviewResult> {
  const run = frontEndRunner(await sessionFor(frontEnd))
  const pool = createClipPool(labels, labelNames)
  const clip = (index: number) => {
    const found = clips.get(index)
    assert(found, `clip ${index} was not sent`)
    return found
  }
  const shared = { frontEnd, normalisation: null, seed, pool, clip, run }
  const plain = createVariations({ ...shared, policy: { version: 1, steps: [] } })
  const varied = createVariations({ ...shared, policy })
  const size = frontEndShape(frontEnd).reduce((a, b) => a * b, 1)
  return { before: (await draw(plain, places.slice(0, 1), size))[0]!, draws: await draw(varied, places, size) }
}

async function draw(variations: Variations, places: readonly ClipPlace[], size: number): Promise<PreviewDraw[]> {
  const variants = await variations.variants(places)
  return variants.map((variant, i) => {
    const features = new Float32Array(size)
    const featureSteps = variations.finish(places[i]!, variant, features)
    return { sound: variant.sound, features, featureSteps }
  })
}

let last: Promise<void> = Promise.resolve()
port.on('message', (message: ToPreview) => {
  last = last.then(async () => {
    if (message.type === 'stop') {
      await kept?.session[Symbol.asyncDispose]()
      port.close()
      return
    }
    const { id, job } = message
    try {
      port.postMessage({ type: 'done', id, result: await perform(job) } satisfies FromPreview)
    } catch (cause) {
      // Anything else is a bug: it ends the thread, which whoever asked is told.
      if (!(cause instanceof AppError)) throw cause
      port.postMessage({ type: 'failed', id, error: cause.toJSON() } satisfies FromPreview)
    }
  })
})

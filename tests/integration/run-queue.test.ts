import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getRun, listQueue, updateRun } from '../../src-main/catalog/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { binRun, createMetricsReader, createRunQueue, lengthenRun, readPredictions, readRun, restoreRun, runState, trainRun, type RunQueue } from '../../src-main/runs/index.ts'
import { runFiles } from '../../src-main/training/index.ts'
import { isIdle, toneLibrary, until, type ToneLibrary } from '../support/tone-library.ts'

const LONG = { epochs: 100_000 }
let tones: ToneLibrary
let queue: RunQueue
const bugs: unknown[] = []
const open = (): RunQueue => createRunQueue(tones.library, { onChange: () => {}, onBug: (cause) => bugs.push(cause) })
const stateOf = (run: string) => runState(unwrap(getRun(tones.library, run)))
const started = (run: string) => until(queue, (s) => s.current?.run === run && s.current.epoch !== null)

beforeAll(async () => {
  tones = await toneLibrary()
  queue = open()
})
afterAll(async () => {
  await queue[Symbol.asyncDispose]()
  tones[Symbol.dispose]()
  expect(bugs).toEqual([])
})

describe('the queue of trainings', () => {
  it('trains one after the other, in order, and shows the one under way', async () => {
    const runs = [await tones.run({ epochs: 3 }), await tones.run({ epochs: 3, seed: 2 })]
    unwrap(queue.add(runs.map((run) => ({ run, resume: false }))))
    expect(queue.state.waiting.map((w) => w.run)).toEqual([runs[1]])
    const seen: string[] = []
    const phases = new Set<string>()
    await until(queue, (s) => {
      if (s.current) {
        phases.add(s.current.phase)
        if (seen.at(-1) !== s.current.run) seen.push(s.current.run)
      }
      return isIdle(s)
    })
    expect(seen).toEqual(runs)
    expect(phases).toContain('training')
    expect(runs.map(stateOf)).toEqual(['finished', 'finished'])
  })

  it('shows the epoch, the speed and the clips it is most wrong about, and the curves grow on disk', async () => {
    const run = await tones.run(LONG)
    unwrap(queue.add([{ run, resume: false }]))
    const { current } = await until(queue, (s) => s.current?.run === run && s.current.progress !== null && s.current.worst !== null && s.current.logged > 20)
    expect(current!.started).toMatchObject({ device: 'cpu', epochs: 100_000, clips: { train: 36, validation: 12, test: 12 } })
    expect(current!.worst!.clips).toHaveLength(12)
    const curves = await createMetricsReader().read(runFiles(unwrap(getRun(tones.library, run)).folder).metrics, { points: 500, layers: true })
    expect(curves.find((c) => c.name === 'train.loss')!.total).toBeGreaterThan(0)
    expect(curves.some((c) => c.name === 'gradient.conv1')).toBe(true)
    unwrap(queue.end(run))
    await until(queue, isIdle)
    expect(stateOf(run)).toBe('finished')
    const { result } = unwrap(await readRun(tones.library, run))
    expect(result).toMatchObject({ status: 'ended', evaluation: { validation: { clips: 12 } } })
    const predictions = unwrap(await readPredictions(tones.library, run, 'validation'))
    expect(predictions.id).toHaveLength(12)
    expect(predictions.predicted.filter((p, i) => p === predictions.label[i]).length / 12).toBeCloseTo(result!.evaluation.validation!.accuracy, 10)
  })

  it('pauses and goes on, also after others, and more epochs can be added to what has finished', async () => {
    const run = await tones.run({ epochs: 300 })
    unwrap(queue.add([{ run, resume: false }]))
    await started(run)
    unwrap(queue.pause(run))
    expect(queue.state.current?.phase).toBe('stopping')
    await until(queue, isIdle)
    expect(stateOf(run)).toBe('stopped')
    expect(binRun(tones.library, run).ok).toBe(true)
    unwrap(restoreRun(tones.library, run))
    unwrap(queue.add([{ run, resume: true }]))
    await until(queue, isIdle)
    const { result } = unwrap(await readRun(tones.library, run))
    expect(result).toMatchObject({ status: 'finished', epochs: 300 })
    expect(result!.resumedFrom).toBeGreaterThan(0)
    expect(lengthenRun(tones.library, run, 300).ok).toBe(false)
    unwrap(lengthenRun(tones.library, run, 302))
    unwrap(queue.add([{ run, resume: true }]))
    await until(queue, isIdle)
    expect(unwrap(await readRun(tones.library, run)).result).toMatchObject({ status: 'finished', epochs: 302, resumedFrom: 1500 })
  })

  it('changes its order, lets go of what waits, and holds', async () => {
    const long = await tones.run(LONG)
    const [a, b, c] = [await tones.run(), await tones.run(), await tones.run()]
    unwrap(queue.add([long, a, b, c].map((run) => ({ run, resume: false }))))
    await started(long)
    unwrap(queue.add([{ run: c, resume: false }], a))
    expect(queue.state.waiting.map((w) => w.run)).toEqual([c, a, b])
    unwrap(queue.pause(a))
    expect(queue.state.waiting.map((w) => w.run)).toEqual([c, b])
    expect(queue.add([{ run: long, resume: true }])).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    expect(queue.end(b)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(binRun(tones.library, long)).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    queue.hold()
    unwrap(queue.pause(long))
    await until(queue, (s) => s.current === null)
    expect(queue.state.waiting.map((w) => w.run)).toEqual([c, b])
    queue.proceed()
    await until(queue, isIdle)
    expect([a, b, c].map(stateOf)).toEqual(['created', 'finished', 'finished'])
  })

  it('is there after a restart, held until the person lets it go on, and the stopped training is first', async () => {
    const [long, next] = [await tones.run({ epochs: 2000 }), await tones.run({ epochs: 2 })]
    unwrap(queue.add([long, next].map((run) => ({ run, resume: false }))))
    await started(long)
    await queue[Symbol.asyncDispose]()
    expect(stateOf(long)).toBe('stopped')
    queue = open()
    expect(queue.state).toMatchObject({ held: true, current: null, waiting: [{ run: long, resume: true }, { run: next, resume: false }] })
    queue.proceed()
    const { current } = await until(queue, (s) => s.current?.run === long && s.current.started !== null)
    expect(current!.started!.resumedFrom).toBeGreaterThan(0)
    unwrap(queue.end(long))
    await until(queue, isIdle)
    expect([long, next].map(stateOf)).toEqual(['finished', 'finished'])
    expect(listQueue(tones.library)).toEqual([])
  })

  it('goes on to the next where a training fails, and the run says why', async () => {
    const [bad, good] = [await tones.run({ optimizer: { type: 'sgd' }, schedule: { type: 'constant', rate: 100 }, loss: { type: 'meanSquaredError', of: 'logits' }, epochs: 50 }), await tones.run({ epochs: 2 })]
    unwrap(queue.add([bad, good].map((run) => ({ run, resume: false }))))
    await until(queue, isIdle)
    expect([bad, good].map(stateOf)).toEqual(['failed', 'finished'])
    expect(unwrap(getRun(tones.library, bad)).summary).toMatchObject({ error: { code: 'TRAINING_DIVERGED' } })
  })

  it('leaves a run alone that is trained elsewhere', async () => {
    const run = await tones.run(LONG)
    unwrap(queue.add([{ run, resume: false }]))
    await started(run)
    // Another program with the same library finds the lock beside the run's files.
    expect(await trainRun(tones.library, run)).toMatchObject({ ok: false, error: { code: 'RUN_BUSY' } })
    expect(stateOf(run)).toBe('running')
    unwrap(queue.end(run))
    await until(queue, isIdle)
    updateRun(tones.library, run, { status: 'running' })
    expect(stateOf(run)).toBe('interrupted')
  })
})

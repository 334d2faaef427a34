import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../src-main/kit/index.ts'
import {
  readBest,
  readMetrics,
  readNewestCheckpoint,
  startEvaluation,
  startTraining,
  type Prediction,
  type TrainingClip,
  type TrainingEvent,
  type TrainingResult,
} from '../../src-main/training/index.ts'
import { startMeasurement } from '../../src-main/training/index.ts'
import { LABELS, makeToneClips, SETTINGS, toneJob } from './training-data.ts'

let folder = ''
let clips: TrainingClip[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-training-'))
  clips = makeToneClips(join(folder, 'tones'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const weightsOf = async (run: string) => {
  const { checkpoint } = unwrap(await readNewestCheckpoint(join(run, 'run', 'checkpoints')))
  return checkpoint.tensors.map((t) => [t.name, Buffer.from(t.data.buffer).toString('base64')])
}

describe('training in its process', () => {
  const events: TrainingEvent[] = []
  let result: TrainingResult
  const run = () => join(folder, 'a')
  beforeAll(async () => {
    result = unwrap(await startTraining(toneJob(run(), clips), { onEvent: (e) => events.push(e) }))
  })

  it('learns to tell the tones apart', () => {
    expect(result.status).toBe('finished')
    expect(result.evaluation.test?.accuracy).toBe(1)
    expect(result.evaluation.validation?.accuracy).toBe(1)
    expect(result.evaluation.test?.classes).toEqual(LABELS)
    expect(result.clips).toEqual({ train: 36, validation: 12, test: 12 })
    expect(result.history).toHaveLength(8)
    expect(result.steps).toBe(8 * Math.ceil(36 / 8))
    expect(result.skipped).toEqual([])
  })

  it('tells what it does, in order', () => {
    const kinds = events.map((e) => e.type)
    expect(kinds[0]).toBe('preparing')
    expect(kinds.indexOf('started')).toBeGreaterThan(0)
    expect(kinds.filter((k) => k === 'epoch')).toHaveLength(8)
    expect(kinds.filter((k) => k === 'evaluating')).toHaveLength(2)
    expect(kinds).toContain('checkpoint')
    const worst = events.filter((e) => e.type === 'worst')
    expect(worst.map((e) => e.epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const validation = new Map(clips.filter((c) => c.split === 'validation').map((c) => [c.id, c.label]))
    for (const { clips: shown } of worst) {
      expect(shown.map((c) => c.loss)).toEqual(shown.map((c) => c.loss).toSorted((a, b) => b - a))
      expect(shown.every((c) => validation.get(c.id) === c.label)).toBe(true)
    }
    const logged = events.filter((e) => e.type === 'logged')
    expect(logged.at(-1)?.step).toBe(40)
    const progress = events.find((e) => e.type === 'progress')
    expect(progress).toMatchObject({ epoch: 1, steps: 40 })
    expect(progress?.type === 'progress' && progress.samplesPerSecond > 0 && progress.secondsLeft >= 0).toBe(true)
  })

  it('writes metrics, predictions and the result', async () => {
    const metrics = await readMetrics(join(run(), 'run', 'metrics.jsonl'))
    expect(metrics.filter((m) => m.type === 'step').map((m) => m.step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    expect(metrics.filter((m) => m.type === 'epoch').map((m) => m.epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    for (const line of metrics) {
      if (line.type !== 'step') continue
      expect(Object.keys(line.gradientNorms!).sort()).toEqual(['conv1', 'linear1', 'norm1'])
      expect(Math.hypot(...Object.values(line.gradientNorms!)) / line.gradientNorm).toBeCloseTo(1, 4)
    }
    const predictions = readFileSync(join(run(), 'run', 'predictions.jsonl'), 'utf8').trim().split('\n').map((l) => JSON.parse(l) as Prediction)
    expect(predictions).toHaveLength(24)
    for (const p of predictions) {
      expect(p.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5)
      expect(p.probabilities.indexOf(Math.max(...p.probabilities))).toBe(p.predicted)
    }
    expect(JSON.parse(readFileSync(join(run(), 'run', 'result.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(result)))
  })

  it('keeps the best weights apart from the last, and they give the reported measures', async () => {
    const best = unwrap(await readBest(join(run(), 'run', 'checkpoints')))
    const losses = result.history.map((h) => h.validation!.loss)
    expect(best.state.best?.value).toBe(Math.min(...losses))
    expect(result.chosen?.epoch).toBe(losses.indexOf(Math.min(...losses)) + 1)
    expect(best.tensors.every((t) => t.role !== 'optimizer')).toBe(true)
    const evaluated = unwrap(
      await startEvaluation({
        version: 1,
        labels: LABELS,
        clips: clips.filter((c) => c.split === 'validation'),
        frontEnd: SETTINGS.frontEnd,
        architecture: SETTINGS.architecture,
        checkpoint: join(run(), 'run', result.chosen!.file),
        device: 'cpu',
        threads: 1,
        features: join(run(), 'features'),
        seed: SETTINGS.seed,
      }),
    )
    expect(evaluated.classification).toEqual(result.evaluation.validation)
    expect(evaluated.classification.negativeLogLikelihood).toBeCloseTo(Math.min(...losses), 6)
  })

  it('gives the same bits for a seed, and others for another', async () => {
    unwrap(await startTraining(toneJob(join(folder, 'b'), clips)))
    expect(await weightsOf(join(folder, 'b'))).toEqual(await weightsOf(run()))
    unwrap(await startTraining(toneJob(join(folder, 'c'), clips, { seed: 2 })))
    expect(await weightsOf(join(folder, 'c'))).not.toEqual(await weightsOf(run()))
  })
})

describe('a training that does not go to its end', () => {
  it('is cancelled between two steps, with a checkpoint, and goes on to the same bits', async () => {
    const whole = join(folder, 'whole')
    const cut = join(folder, 'cut')
    const settings = { epochs: 12 }
    const uninterrupted = unwrap(await startTraining(toneJob(whole, clips, settings)))
    const controller = new AbortController()
    const cancelled = unwrap(
      await startTraining(toneJob(cut, clips, settings), {
        signal: controller.signal,
        onEvent: (e) => {
          if (e.type === 'epoch' && e.epoch === 3) controller.abort()
        },
      }),
    )
    expect(cancelled.status).toBe('cancelled')
    expect(cancelled.steps).toBeGreaterThanOrEqual(15)
    expect(cancelled.steps).toBeLessThan(60)
    expect(cancelled.evaluation.test).toBeNull()
    const resumed = unwrap(await startTraining(toneJob(cut, clips, settings, { resume: true })))
    expect(resumed).toMatchObject({ status: 'finished', resumedFrom: cancelled.steps, steps: uninterrupted.steps })
    expect(await weightsOf(cut)).toEqual(await weightsOf(whole))
    expect(resumed.evaluation).toEqual(uninterrupted.evaluation)
    const withoutTimes = (r: TrainingResult) => r.history.map((h) => ({ ...h, seconds: 0, stepShare: 0 }))
    expect(withoutTimes(resumed)).toEqual(withoutTimes(uninterrupted))
    const steps = async (run: string) => (await readMetrics(join(run, 'run', 'metrics.jsonl'))).filter((m) => m.type === 'step')
    const timeless = async (run: string) => (await steps(run)).map((m) => ({ ...m, seconds: 0 }))
    expect(await timeless(cut)).toEqual(await timeless(whole))
    // Time is counted on from where it stopped.
    const times = (await steps(cut)).map((m) => m.seconds!)
    expect(times.every((time, i) => time > (times[i - 1] ?? 0))).toBe(true)
  })

  it('refuses to go on with other settings', async () => {
    const other = await startTraining(toneJob(join(folder, 'cut'), clips, { epochs: 12, batch: 4 }, { resume: true }))
    expect(other.ok ? null : other.error.code).toBe('INVALID')
  })

  it('stops early where nothing gets better', async () => {
    const stopped = unwrap(
      await startTraining(toneJob(join(folder, 'early'), clips, { epochs: 200, patience: 2, bestMetric: 'accuracy', schedule: { type: 'constant', rate: 0.01 } })),
    )
    expect(stopped.status).toBe('stopped-early')
    expect(stopped.epochs).toBe(stopped.chosen!.epoch + 2)
    expect(stopped.evaluation.test).not.toBeNull()
  })

  it('says what to do when the loss is no longer a number', async () => {
    const settings = { optimizer: { type: 'sgd' as const }, schedule: { type: 'constant' as const, rate: 100 }, loss: { type: 'meanSquaredError' as const, of: 'logits' as const } }
    const diverged = await startTraining(toneJob(join(folder, 'diverged'), clips, { ...settings, epochs: 50 }))
    expect(diverged.ok ? null : diverged.error).toMatchObject({ code: 'TRAINING_DIVERGED' })
    expect(diverged.ok ? '' : diverged.error.hint).toContain('learning rate')
  })

  it('leaves out a clip that cannot be read, and says so', async () => {
    const broken = { ...clips[0]!, id: 1000, contentKey: 'gone', path: join(folder, 'missing.wav') }
    const warnings: TrainingEvent[] = []
    const result = unwrap(
      await startTraining(toneJob(join(folder, 'broken'), [...clips, broken], { epochs: 1 }), { onEvent: (e) => e.type === 'warning' && warnings.push(e) }),
    )
    expect(result.skipped).toMatchObject([{ id: 1000, code: 'NOT_FOUND' }])
    expect(warnings).toHaveLength(1)
    expect(result.clips.train).toBe(36)
  })

  it('works without validation clips: the last weights count', async () => {
    const result = unwrap(await startTraining(toneJob(join(folder, 'last'), clips.filter((c) => c.split !== 'validation'))))
    expect(result.chosen).toMatchObject({ kind: 'last', epoch: 8 })
    expect(result.evaluation.validation).toBeNull()
    expect(result.evaluation.test?.accuracy).toBe(1)
    expect(existsSync(join(folder, 'last', 'run', result.chosen!.file))).toBe(true)
    expect(readdirSync(join(folder, 'last', 'run', 'checkpoints'))).not.toContain('best.safetensors')
  })

  it.each([
    ['no clip to train with', (all: TrainingClip[]) => all.filter((c) => c.split !== 'train')],
    ['a label that is not there', (all: TrainingClip[]) => [{ ...all[0]!, label: 3 }, ...all.slice(1)]],
  ])('refuses %s', async (_, change) => {
    const refused = await startTraining(toneJob(join(folder, 'refused'), change(clips)))
    expect(refused.ok ? null : refused.error.code).toBe('INVALID')
  })
})

describe('a training that the person ends or lengthens', () => {
  it('keeps what it has learned when it is ended, and evaluates it', async () => {
    const end = new AbortController()
    const job = toneJob(join(folder, 'ended'), clips, { epochs: 10_000 }, { test: false })
    const result = unwrap(await startTraining(job, { endSignal: end.signal, onEvent: (e) => e.type === 'epoch' && e.epoch === 3 && end.abort() }))
    expect(result.status).toBe('ended')
    expect(result.epochs).toBeGreaterThanOrEqual(3)
    expect(result.chosen?.kind).toBe('best')
    expect(result.evaluation.validation?.clips).toBe(12)
    // The test clips were left alone.
    expect(result.evaluation.test).toBeNull()
    expect(readFileSync(join(folder, 'ended', 'run', 'predictions.jsonl'), 'utf8')).not.toContain('"test"')
  })

  it('goes on from its end when it is given more epochs, and from no other settings', async () => {
    const short = toneJob(join(folder, 'longer'), clips, { epochs: 2 })
    unwrap(await startTraining(short))
    const refused = await startTraining({ ...short, settings: { ...short.settings, epochs: 4 }, resume: true })
    expect(refused).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    const longer = unwrap(await startTraining({ ...short, settings: { ...short.settings, epochs: 4 }, earlierEpochs: [2], resume: true }))
    expect(longer).toMatchObject({ status: 'finished', resumedFrom: 10, epochs: 4, steps: 20 })
    const other = { ...short.settings, epochs: 4, seed: 5 }
    expect(await startTraining({ ...short, settings: other, earlierEpochs: [2], resume: true })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
  })

  it('is measured before it begins', async () => {
    const measured = unwrap(await startMeasurement({ settings: SETTINGS, classes: 3, batch: 8, seconds: 0.1, device: 'cpu', threads: 1 }))
    const { step } = measured
    expect(measured).toMatchObject({ device: 'cpu', threads: 1 })
    expect(step.low).toBeGreaterThan(0)
    expect(step.low <= step.middle && step.middle <= step.high).toBe(true)
    expect(measured.forwardClip).toBeGreaterThan(0)
    expect(measured.memory).toBeGreaterThan(1e6)
  })
})

import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layerNorms } from '../../src-main/training/layer-norms.ts'
import { worstRows } from '../../src-main/training/scoring.ts'
import { betterEpoch, scoreLogits, shouldStop, softmaxRows, type EpochRecord } from '../../src-main/training/index.ts'
import { parsePolicy } from '../../src-main/augment/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createBatchMaker, createFeatureRows, type FeatureRowsOptions } from '../../src-main/training/batch-maker.ts'
import { createBatchOrder } from '../../src-main/training/batch-order.ts'
import { balancedClassWeights } from '../../src-main/training/class-weights.ts'
import { openMetricsLog, readMetrics } from '../../src-main/training/metrics-log.ts'

const record = (epoch: number, loss: number, accuracy: number): EpochRecord => ({
  epoch,
  step: epoch * 10,
  loss: 1,
  accuracy: 0.5,
  validation: { loss, accuracy },
  learningRate: 0.001,
  seconds: 1,
})

describe('best epoch', () => {
  it('is the lowest loss or the highest accuracy; of equals the first', () => {
    const first = betterEpoch(null, record(1, 0.5, 0.8), 'loss')
    expect(first).toEqual({ epoch: 1, step: 10, metric: 'loss', value: 0.5 })
    expect(betterEpoch(first, record(2, 0.5, 0.9), 'loss')).toBeNull()
    expect(betterEpoch(first, record(2, 0.4, 0.1), 'loss')?.epoch).toBe(2)
    const accurate = betterEpoch(null, record(1, 0.5, 0.8), 'accuracy')
    expect(betterEpoch(accurate, record(2, 0.1, 0.8), 'accuracy')).toBeNull()
    expect(betterEpoch(accurate, record(2, 9, 0.81), 'accuracy')?.value).toBe(0.81)
  })

  it('needs validation clips', () => {
    expect(betterEpoch(null, { ...record(1, 0, 0), validation: null }, 'loss')).toBeNull()
  })

  it('stops after as many epochs without a better one as patience says', () => {
    const best = betterEpoch(null, record(3, 0.5, 0.8), 'loss')
    expect([3, 4, 5, 6].map((epoch) => shouldStop(best, epoch, 2))).toEqual([false, false, true, true])
    expect(shouldStop(best, 1000, null)).toBe(false)
    expect(shouldStop(null, 1000, 1)).toBe(false)
  })
})

describe('scores of logits', () => {
  it('are softmax, cross-entropy and accuracy', () => {
    const logits = Float32Array.from([Math.log(1), Math.log(3), 1000, 0])
    expect([...softmaxRows(logits, 2)]).toEqual([0.25, 0.75, 1, 0])
    const { loss, accuracy } = scoreLogits(logits, [0, 1], 2)
    expect(loss).toBeCloseTo((-Math.log(0.25) + 1000) / 2, 4)
    expect(accuracy).toBe(0)
    expect(scoreLogits(logits, [1, 0], 2).accuracy).toBe(1)
  })

  it('name the clips that the network is most wrong about, worst first', () => {
    const logits = Float32Array.from([2, 0, 0, 5, 1, 0, 0, 3])
    const worst = worstRows(logits, [0, 0, 1, 1], 2, 2)
    expect(worst.map((w) => [w.row, w.predicted])).toEqual([[1, 1], [2, 0]])
    expect(worst[0]!.loss).toBeCloseTo(Math.log(1 + Math.exp(5)), 6)
  })
})

describe('gradient norms of layers', () => {
  it('take the parameters of a layer together', () => {
    expect(layerNorms(['conv1.weight', 'conv1.bias', 'block.linear1.weight'], [3, 4, 2])).toEqual({ conv1: 5, 'block.linear1': 2 })
  })
})

describe('batch maker', () => {
  const clips = [0, 1, 2].map((n) => Float32Array.of(n, 10 * n))
  const order = () => createBatchOrder({ clips: 3, batch: 2, seed: 4 })
  const maker = (change: Partial<FeatureRowsOptions> = {}) => {
    const rows = createFeatureRows({ batch: 2, clips, seed: 4, ...change })
    return createBatchMaker({ order: order(), size: 2, labels: [0, 1, 1], classes: 2, seed: 4, rows, ...(change.policy ? { policy: change.policy } : {}) })
  }

  it('lays out features, labels and one-hot targets', async () => {
    const make = maker()
    for (let step = 0; step < 6; step++) {
      const chosen = [...order().at(step).clip]
      const batch = await make(step)
      expect([...batch.x]).toEqual(chosen.flatMap((c) => [c, 10 * c]))
      expect([...batch.labels]).toEqual(chosen.map((c) => (c === 0 ? 0 : 1)))
      expect([...batch.target]).toEqual(chosen.flatMap((c) => (c === 0 ? [1, 0] : [0, 1])))
    }
  })

  it('augments the same way for a seed, pass and clip, whatever came before, and leaves the clips alone', async () => {
    const make = () => maker({ augment: (features, out, _, random) => out.set(features.map((v) => v + random.next())) })
    const [a, b] = [make(), make()]
    const all: number[][] = []
    for (let step = 0; step < 6; step++) all.push([...(await a(step)).x])
    for (const step of [5, 2, 0]) expect([...(await b(step)).x]).toEqual(all[step])
    const seen = new Set(all.flat())
    expect(seen.size).toBe(6 * 2 * 2)
    expect(clips.map((c) => [...c])).toEqual([[0, 0], [1, 10], [2, 20]])
  })

  it('mixes features and targets alike, and keeps the label of the larger part', async () => {
    const policy = unwrap(parsePolicy({ version: 1, steps: [{ type: 'mixup', alpha: 0.5 }] }))
    const [plain, mixed] = [maker(), maker({ policy })]
    let changed = 0
    for (let step = 0; step < 12; step++) {
      const [a, b] = [await plain(step), await mixed(step)]
      expect([...b.labels]).toEqual([...a.labels])
      for (let i = 0; i < 2; i++) {
        const [mine, other] = [a.x[2 * i]!, a.x[2 * (1 - i)]!]
        // How much of the other clip went in, by the features; the targets must say the same.
        const part = mine === other ? 0 : (b.x[2 * i]! - mine) / (other - mine)
        expect(part).toBeGreaterThanOrEqual(0)
        expect(part).toBeLessThanOrEqual(0.5)
        for (let k = 0; k < 2; k++) expect(b.target[2 * i + k]).toBeCloseTo((1 - part) * a.target[2 * i + k]! + part * a.target[2 * (1 - i) + k]!, 5)
        if (part > 0) changed++
      }
    }
    expect(changed).toBeGreaterThan(0)
  })
})

describe('balance', () => {
  const labels = [0, 0, 0, 0, 0, 0, 1, 2, 2, 0]

  it('shows every class equally often, each clip of a class equally often, and no clip twice under one pass', () => {
    const order = createBatchOrder({ clips: labels.length, batch: 4, seed: 3, balance: labels })
    const [perClass, perClip] = [[0, 0, 0], labels.map(() => 0)]
    const seen = new Set<string>()
    for (let step = 0; step < 300; step++) {
      const { clip, pass } = order.at(step)
      clip.forEach((c, i) => {
        perClass[labels[c]!]!++
        perClip[c]!++
        seen.add(`${c}/${pass[i]}`)
      })
    }
    expect(seen.size).toBe(1200)
    expect(perClass).toEqual([400, 400, 400])
    const most = Math.max(...perClip.filter((_, c) => labels[c] === 0))
    const least = Math.min(...perClip.filter((_, c) => labels[c] === 0))
    expect(most - least).toBeLessThanOrEqual(2)
    expect([...order.at(17).clip]).toEqual([...createBatchOrder({ clips: labels.length, batch: 4, seed: 3, balance: labels }).at(17).clip])
  })

  it('weighs classes so that each weighs as much in sum', () => {
    const weights = balancedClassWeights(labels, 4)
    expect(weights).toEqual([10 / (4 * 7), 10 / 4, 10 / (4 * 2), 0])
  })
})

describe('metrics log', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'espectro-metrics-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const line = (step: number) => ({ type: 'step' as const, step, epoch: 1, loss: 1 / step, accuracy: 0.5, learningRate: 0.01, gradientNorm: 2 })

  it('grows, and goes on after the step of a checkpoint without what came later or was torn', async () => {
    const path = join(folder, 'metrics.jsonl')
    const log = await openMetricsLog(path, 0)
    for (const step of [1, 2, 3]) log.add(line(step))
    await log.flush()
    log.add({ type: 'epoch', ...record(1, 0.5, 0.5), step: 4 })
    await log.flush()
    expect((await readMetrics(path)).map((l) => l.step)).toEqual([1, 2, 3, 4])
    appendFileSync(path, '{"type":"step","step":')
    const again = await openMetricsLog(path, 2)
    again.add(line(3))
    await again.flush()
    expect(await readMetrics(path)).toEqual([line(1), line(2), line(3)])
  })

  it('starts empty for a run that starts anew', async () => {
    const path = join(folder, 'metrics.jsonl')
    const log = await openMetricsLog(path, 0)
    log.add(line(1))
    await log.flush()
    await openMetricsLog(path, 0)
    expect(await readMetrics(path)).toEqual([])
  })
})

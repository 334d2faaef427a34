import { describe, expect, it } from 'vitest'
import type { Clip } from '../../../src-main/catalog/index.ts'
import { dataProblems, estimateFrom, type TrainingPlan } from '../../../src-main/runs/index.ts'
import { suggestSize, type TrainingSettings } from '../../../src-main/training/index.ts'
import { SETTINGS } from '../../integration/training-data.ts'

type Part = Pick<Clip, 'label' | 'split'> & Partial<Clip>
let next = 1
const clips = (parts: readonly Part[], times = 1): Clip[] =>
  parts.flatMap((part) => Array.from({ length: times }, () => ({
    id: next, datasetId: 1, recordingId: String(next++), startSample: 0, endSample: 8000, sampleRate: 8000, recordingFrames: 8000, seconds: 1,
    speaker: null, session: null, take: null, review: 'new' as const, source: null, extra: {}, binnedAt: null, nearGroup: null, extension: 'wav', linkedPath: null, ...part,
  }) as Clip))
const problems = (all: Clip[], unused = { unlabelled: 0, rejected: 0, unsplit: 0 }) =>
  dataProblems({ dataset: { name: 'words' }, clips: all, labels: [...new Set(all.map((c) => c.label!))], unused })
const codes = (...of: Parameters<typeof problems>) => problems(...of).map((p) => `${p.level} ${p.code}`)

const both = (split: Clip['split'], times: number) => clips([{ label: 'no', split }, { label: 'yes', split }], times)
const good = () => [...both('train', 12), ...both('validation', 4), ...both('test', 4)]

describe('what the data say before a training', () => {
  it('is nothing where all is well', () => {
    expect(problems(good())).toEqual([])
  })

  it('names what makes a training impossible, and then only that', () => {
    expect(codes([])).toEqual(['error NO_LABELLED_CLIP'])
    expect(codes([], { unlabelled: 5, rejected: 0, unsplit: 9 })).toEqual(['error NO_SPLIT'])
    expect(codes(both('test', 5))).toEqual(['error NO_TRAINING_CLIP'])
    expect(codes(clips([{ label: 'no', split: 'train' }], 20))).toEqual(['error ONE_LABEL'])
  })

  it('warns of what makes a result worse or less sure', () => {
    expect(codes(both('train', 12))).toEqual(['warning NO_VALIDATION', 'warning NO_TEST'])
    expect(codes([...good(), ...clips([{ label: 'maybe', split: 'validation' }])])).toEqual(['warning LABEL_NOT_TRAINED'])
    const few = [...good(), ...clips([{ label: 'maybe', split: 'train' }], 3), ...clips([{ label: 'maybe', split: 'validation' }])]
    expect(problems(few)).toMatchObject([{ code: 'FEW_CLIPS', values: { labels: 'maybe (3)', count: 1 } }])
    const rare = [...good(), ...clips([{ label: 'maybe', split: 'train' }], 60)]
    expect(codes(rare)).toEqual(['warning UNBALANCED', 'warning LABEL_NOT_VALIDATED'])
    expect(codes(good(), { unlabelled: 3, rejected: 2, unsplit: 0 })).toEqual(['warning UNUSED_CLIPS'])
  })

  it('names a speaker who stands on two sides', () => {
    const leaking = [...good(), ...clips([{ label: 'no', split: 'train', speaker: 'ana' }, { label: 'no', split: 'test', speaker: 'ana' }])]
    expect(problems(leaking)).toMatchObject([{ level: 'warning', code: 'SPEAKER_LEAK', values: { examples: 'ana' } }])
  })
})

describe('a suggested size', () => {
  it('is the default recipe’s own for the set that it was chosen on, and takes enough steps for others', () => {
    expect(suggestSize(2430)).toEqual({ batch: 64, epochs: 60 })
    for (const clips of [1, 40, 180, 700, 5000, 100_000]) {
      const { batch, epochs } = suggestSize(clips)
      expect(epochs).toBeGreaterThanOrEqual(15)
      expect(epochs).toBeLessThanOrEqual(100)
      expect(Number.isInteger(Math.log2(batch))).toBe(true)
    }
  })
})

describe('an estimate', () => {
  const settings: TrainingSettings = { ...SETTINGS, epochs: 20, batch: 8 }
  const network = { input: [1, 16, 16], layers: [], parameters: 1, macs: 1 }
  const plan = { settings, problems: [], labels: ['a', 'b'], clips: { train: 80, validation: 10, test: 10 }, network, batch: 8, stepsPerEpoch: 10 } satisfies TrainingPlan
  const measured = { device: 'cpu', deviceReason: '', threads: 1, step: { low: 0.01, middle: 0.012, high: 0.02 }, forwardClip: 0.001, memory: 100e6 } as const

  it('is a range that holds what the steps took', () => {
    const { epochSeconds, seconds, memory } = estimateFrom(plan, measured)
    expect(epochSeconds.low).toBeCloseTo(10 * 0.01 + 10 * 0.001, 10)
    expect(epochSeconds.high).toBeGreaterThan(10 * 0.02 + 10 * 0.001)
    expect(seconds.low).toBeCloseTo(20 * epochSeconds.low, 10)
    // A hundred clips of 256 values, held twice because this front end normalises by the dataset.
    expect(memory.low).toBe(100e6 + 100 * 256 * 4)
    expect(memory.high).toBeCloseTo(130e6 + 2 * 100 * 256 * 4, 0)
  })
})

import { describe, expect, it } from 'vitest'
import type { ExperimentDetail } from '@contract'
import { niceScale } from '../../../src-renderer/views/train/experiment/nice-scale.ts'
import { resultCsv, resultMarkdown, type NameOf } from '../../../src-renderer/views/train/experiment/report.ts'
import { trialsByMerit } from '../../../src-renderer/views/train/search/trial-order.ts'

const interval = (mean: number) => ({ n: 2, mean, deviation: 0.01, low: mean - 0.09, high: mean + 0.09 })
const score = (accuracy: number) => ({ epochs: 3, chosenEpoch: 2, validation: { accuracy, macroF1: accuracy, loss: 1 - accuracy }, secondsPerEpoch: 1, parameters: 100 })
const detail = {
  name: 'LeNet, "quoted"', axes: [{ field: 'architecture', options: [{ name: 'a,b', value: {} }, { name: 'c|d', value: {} }] }], trainings: 4, measure: 'accuracy', datasetName: 'digits', labels: ['0', '1'],
  clips: { train: 10, validation: 5, test: 5 }, splitHash: 'abcdef0123456789', device: 'cpu', threads: null,
  base: { epochs: 3, batch: 16, optimizer: { type: 'adamw' }, schedule: { type: 'oneCycle', rate: 0.003 }, loss: { labelSmoothing: 0.1 } },
  trials: [0, 1, 0, 1].map((seed, i) => ({ values: [Math.floor(i / 2)], seed, run: `r${i}`, status: 'finished', score: score(0.5 + i / 10), rungs: [], error: null })),
  conditions: [0, 1].map((i) => ({ values: [i], trials: [2 * i, 2 * i + 1], validation: { accuracy: interval(0.8 + i / 10), macroF1: interval(0.7), loss: null }, test: { accuracy: interval(0.75), macroF1: null }, parameters: 100, secondsPerEpoch: 1 })),
  chosen: { condition: 1, trial: 3 }, tests: [{ trial: 0, begun: '', attempts: 1, finished: '2026-01-01T00:00:00.000Z', clips: 5, accuracy: 0.75, macroF1: 0.7, error: null }],
} as unknown as ExperimentDetail
const nameOf: NameOf = (axis, value) => ('options' in axis ? axis.options[value]!.name : String(value))

describe('an experiment’s result as text', () => {
  it('is a table that a spreadsheet reads: quoted where needed, numbers as they are', () => {
    const [head, first, second, end] = resultCsv(detail, nameOf).split('\r\n')
    const names = head!.split(',')
    expect(names.slice(0, 5)).toEqual(['architecture', 'parameters', 'runs', 'epochs', 'status'])
    expect(first).toMatch(/^"a,b",100,2,3,finished,0\.8,0\.01,/)
    expect(second!.split(',')).toHaveLength(names.length)
    expect(second).toMatch(/,1$/)
    expect(end).toBe('')
  })

  it('is a report whose tables have as many cells in every row, with bars escaped and figures inside', () => {
    const said: string[] = []
    const text = resultMarkdown(
      { detail, against: 1, side: 'test', figures: [{ address: 'data:image/png;base64,AAAA', caption: 'Curves' }], differences: [{ condition: 0, seeds: 2, clips: 5, difference: -0.1, low: -0.2, high: 0, test: 'bootstrap', p: 0.04, adjusted: 0.04 }] },
      {
        say: (key) => (said.push(key), key), percent: (p) => `${(p * 100).toFixed(1)} %`, points: (p) => `${p < 0 ? '−' : '+'}${Math.abs(p * 100).toFixed(1)}`, p: String, count: String, nameOf,
        axis: (f) => f, measure: (m) => m, side: (s) => s,
      },
    )
    const rows = text.split('\n').filter((l) => l.startsWith('|'))
    const cells = (row: string) => row.replaceAll('\\|', '').split('|').length
    const tables = text.split(/\n\n/).filter((block) => block.startsWith('|'))
    for (const table of tables) expect(new Set(table.split('\n').map(cells)).size).toBe(1)
    expect(rows.join('\n')).toContain('**c\\|d**')
    expect(text).toContain('80.0 % ± 9.0')
    expect(text).toContain('| −10.0 | −20.0 … +0.0 | 0.04 | 0.04 |')
    expect(text).toContain('![Curves](data:image/png;base64,AAAA)')
    expect(said).toContain('bootstrap')
    expect(said).not.toContain('untested')
  })
})

describe('pictures of experiments', () => {
  it('have ticks at round numbers around what they show', () => {
    expect(niceScale(0.123, 0.987, 6)).toEqual({ low: 0, high: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] })
    expect(niceScale(3, 3, 4).ticks.length).toBeGreaterThan(1)
    const { low, high } = niceScale(-0.02, 1.7, 5)
    expect(low).toBeLessThanOrEqual(-0.02)
    expect(high).toBeGreaterThanOrEqual(1.7)
  })
})

describe('the trials of a search', () => {
  it('stand with those that went further first, then by merit, those without a score last', () => {
    const trial = (accuracy: number | null, rungs: number) => ({ score: accuracy === null ? null : score(accuracy), rungs: Array.from({ length: rungs }, () => score(0.1)) })
    const trials = [trial(0.9, 1), trial(0.5, 2), trial(null, 0), trial(0.6, 2), trial(0.95, 1)] as unknown as ExperimentDetail['trials']
    expect(trialsByMerit({ trials, measure: 'accuracy' })).toEqual([3, 1, 4, 0, 2])
    expect(trialsByMerit({ trials, measure: 'loss' })).toEqual([3, 1, 4, 0, 2])
  })
})

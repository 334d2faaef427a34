import { describe, expect, it } from 'vitest'
import { findDisagreements, flattenSettings, groupCurves, mcnemarExact, overlayCurves, placesOver, smooth, type Points, type PredictionColumns } from '../../../src-main/runs/index.ts'

const predictions = (labels: readonly string[], rows: readonly (readonly [id: number, label: string, predicted: string, confidence: number, truth: number])[]): PredictionColumns => ({
  labels,
  id: rows.map((r) => r[0]),
  label: rows.map((r) => labels.indexOf(r[1])),
  predicted: rows.map((r) => labels.indexOf(r[2])),
  confidence: rows.map((r) => r[3]),
  truth: rows.map((r) => r[4]),
})

describe('what two models say of the same clips', () => {
  const a = predictions(['no', 'yes', 'stop'], [
    [1, 'no', 'no', 0.9, 0.9], [2, 'no', 'yes', 0.6, 0.2], [3, 'yes', 'yes', 0.8, 0.8], [4, 'stop', 'no', 0.5, 0.3], [5, 'stop', 'yes', 0.7, 0.1], [6, 'yes', 'yes', 0.9, 0.9],
  ])
  // Its classes stand in another order: names count.
  const b = predictions(['yes', 'no', 'stop'], [
    [1, 'no', 'no', 0.7, 0.7], [2, 'no', 'no', 0.99, 0.99], [3, 'yes', 'no', 0.5, 0.4], [4, 'stop', 'yes', 0.6, 0.1], [5, 'stop', 'yes', 0.9, 0.05], [6, 'no', 'no', 0.9, 0.9], [7, 'no', 'no', 1, 1],
  ])
  const found = findDisagreements(a, b)

  it('is counted over the clips that both know by the same label', () => {
    expect(found).toMatchObject({ clips: 5, unshared: 3, bothRight: 1, onlyA: 1, onlyB: 1, sameWrong: 1, bothWrong: 1, p: 1 })
  })

  it('is listed where it differs, furthest apart first', () => {
    expect(found.rows.map((r) => [r.clip, r.kind])).toEqual([[2, 'onlyB'], [3, 'onlyA'], [4, 'bothWrong']])
    expect(found.rows[0]).toEqual({ clip: 2, kind: 'onlyB', label: 'no', a: { predicted: 'yes', confidence: 0.6, truth: 0.2 }, b: { predicted: 'no', confidence: 0.99, truth: 0.99 } })
  })

  it('is nothing where they share no clip or agree', () => {
    expect(findDisagreements(a, predictions(['no'], []))).toMatchObject({ clips: 0, unshared: 6, p: null, rows: [] })
    expect(findDisagreements(a, a)).toMatchObject({ clips: 6, unshared: 0, onlyA: 0, onlyB: 0, p: null, rows: [] })
    expect(mcnemarExact(0, 0)).toBeNull()
  })
})

describe('settings as paths and values', () => {
  it('name members of a list by their type, and number them where there are several', () => {
    const flat = flattenSettings({
      frontEnd: { version: 1, kind: 'logmel', mel: { bands: 64, fmax: null } },
      architecture: { name: 'net', title: 'A net', paper: 'x', layers: [{ type: 'conv2d', filters: 6, kernel: [5, 3] }, { type: 'relu' }, { type: 'conv2d', filters: 16, kernel: 5 }, { type: 'residual', layers: [{ type: 'conv2d', filters: 3, kernel: 1 }] }, { type: 'linear', name: 'out', units: 'classes' }] },
      augment: { version: 1, steps: [{ type: 'noise', snrLow: 5, sources: ['pink', 'white'] }] },
      batch: 64, clipNorm: null,
    })
    expect(Object.fromEntries(flat)).toEqual({
      'frontEnd.kind': 'logmel', 'frontEnd.mel.bands': 64, 'frontEnd.mel.fmax': null,
      'architecture.name': 'net', 'architecture.layers': 'conv2d, relu, conv2d, residual, out',
      'architecture.conv2d1.filters': 6, 'architecture.conv2d1.kernel': '5, 3', 'architecture.conv2d2.filters': 16, 'architecture.conv2d2.kernel': 5,
      'architecture.residual.layers': 'conv2d', 'architecture.residual.conv2d.filters': 3, 'architecture.residual.conv2d.kernel': 1, 'architecture.out.units': 'classes',
      'augment.steps': 'noise', 'augment.noise.snrLow': 5, 'augment.noise.sources': 'pink, white',
      batch: 64, clipNorm: null,
    })
    expect(flattenSettings({ augment: { steps: [] } }).get('augment.steps')).toBe('none')
  })
})

describe('places of curves', () => {
  const series = (entries: Record<string, Points>): ReadonlyMap<string, Points> => new Map(Object.entries(entries))
  it('are steps, epochs, or seconds between those that the log tells', () => {
    const log = series({ seconds: { x: [2, 4], y: [1, 5] } })
    expect([1, 2, 3, 4].map(placesOver('step', log, 4))).toEqual([1, 2, 3, 4])
    expect([1, 2, 4].map(placesOver('epoch', log, 4))).toEqual([0.25, 0.5, 1])
    expect([0, 1, 2, 3, 4, 5].map(placesOver('time', log, 4))).toEqual([0, 0.5, 1, 3, 5, 7])
  })

  it('are made of the epochs where an older log has no seconds', () => {
    const log = series({ 'epoch.seconds': { x: [10, 20, 30], y: [2, 4, 2] } })
    expect([5, 10, 15, 20, 30].map(placesOver('time', log, 10))).toEqual([1, 2, 4, 6, 8])
    expect(placesOver('time', series({}), 10)(3)).toBe(0)
  })
})

describe('curves of several runs', () => {
  const run = (y: readonly number[], x = y.map((_, i) => i + 1)) => ({ series: new Map([['train.loss', { x, y }]]), stepsPerEpoch: 2 })
  const options = { names: ['train.loss', 'nothing'], axis: 'step', smoothing: 0, spread: 'deviation', points: 5000 } as const

  it('stay as they are of one run, and are mean and spread of more', () => {
    const [one, two] = overlayCurves([[run([4, 2])], [run([1, 2]), run([3, 6])]], options)
    expect(one).toEqual({ name: 'train.loss', group: 0, x: [1, 2], y: [4, 2], smooth: [4, 2], band: null, runs: 1, total: 2 })
    expect(two).toMatchObject({ group: 1, x: [1, 2], y: [2, 4], runs: 2 })
    expect(two!.band!.high.map((h) => h ** 2)).toEqual([expect.closeTo((2 + Math.SQRT2) ** 2, 9), expect.closeTo((4 + Math.sqrt(8)) ** 2, 9)])
  })

  it('stand over epochs where that is asked for', () => {
    expect(overlayCurves([[run([4, 3, 2, 1])]], { ...options, axis: 'epoch' })[0]!.x).toEqual([0.5, 1, 1.5, 2])
  })

  it('are smoothed before they are made of fewer points', () => {
    const y = Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 7) + 100 / (i + 1))
    const all = smooth(y, 0.9)
    const [few] = overlayCurves([[run(y)]], { ...options, smoothing: 0.9, points: 200 })
    expect(few!.x.length).toBeLessThanOrEqual(200)
    expect(few!.total).toBe(10_000)
    few!.x.forEach((step, i) => {
      expect(few!.smooth[i]).toBe(all[step - 1])
      expect(few!.y[i]).toBe(y[step - 1])
    })
  })

  it('are thinned where their places are too many', () => {
    const curves = Array.from({ length: 3 }, (_, c) => ({ x: Array.from({ length: 9000 }, (_, i) => i + c / 3), y: Array.from({ length: 9000 }, (_, i) => i + c / 3) }))
    const grouped = groupCurves(curves, 'range')
    expect(grouped.x).toHaveLength(10_000)
    grouped.x.forEach((x, i) => expect(grouped.y[i]).toBeCloseTo(x, 6))
  })
})

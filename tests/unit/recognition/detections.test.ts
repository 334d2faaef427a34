import { describe, expect, it } from 'vitest'
import { countWindows, findDetections, isBackgroundLabel, smoothScores, smoothedTime, type ScoreTrack } from '../../../src-main/recognition/index.ts'

const labels = ['yes', 'no', '_unknown_']
/** A track with a hop of 0.1 s and windows of 1 s, from rows of [yes, no, _unknown_]. */
const track = (rows: number[][]): ScoreTrack => ({
  labels,
  windows: rows.length,
  scores: Float32Array.from(rows.flat()),
  hop: 0.1,
  length: 1,
  duration: 1 + (rows.length - 1) * 0.1,
})
const quiet = [0, 0, 1]
const yes = (p: number) => [p, 0, 1 - p]
const no = (p: number) => [0, p, 1 - p]
const rows = (...parts: [number, number[]][]) => parts.flatMap(([n, row]) => Array.from({ length: n }, () => row))
const plain = { threshold: 0.5, smoothing: 1, minimumDuration: 0, suppression: 0 }

describe('windows', () => {
  it.each([
    [0, 1],
    [9, 1],
    [10, 1],
    [11, 2],
    [14, 2],
    [15, 3],
    [100, 24],
  ])('%i samples are covered by %i windows of 10 every 4', (samples, windows) => {
    expect(countWindows(samples, 10, 4)).toBe(windows)
    expect((windows - 1) * 4 + 10).toBeGreaterThanOrEqual(samples)
  })
})

describe('smoothing', () => {
  it('averages up to M windows, fewer at the start, as in the paper', () => {
    const smoothed = smoothScores(track([yes(1), yes(0), yes(0), yes(1), yes(1)]), 3)
    const got = [...smoothed.scores].filter((_, i) => i % 3 === 0)
    for (const [i, want] of [1, 1 / 2, 1 / 3, 1 / 3, 2 / 3].entries()) expect(got[i]).toBeCloseTo(want, 6)
  })

  it('keeps every row a distribution', () => {
    const smoothed = smoothScores(track(rows([3, yes(0.2)], [4, no(0.9)], [2, quiet])), 4)
    for (let w = 0; w < smoothed.windows; w++)
      expect(smoothed.scores.subarray(3 * w, 3 * w + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 5)
  })

  it('dates a score at the middle of the windows that it averages', () => {
    const t = track(rows([9, quiet]))
    expect(smoothedTime(t, 0, 3)).toBeCloseTo(0.5)
    expect(smoothedTime(t, 1, 3)).toBeCloseTo(0.55)
    expect(smoothedTime(t, 2, 3)).toBeCloseTo(0.6)
    expect(smoothedTime(t, 8, 3)).toBeCloseTo(1.2)
  })
})

describe('detections', () => {
  it('finds a run, dates it by its windows\' centres and gives its highest score', () => {
    const found = findDetections(track(rows([10, quiet], [2, yes(0.6)], [1, yes(0.9)], [2, yes(0.7)], [10, quiet])), plain)
    expect(found).toHaveLength(1)
    expect(found[0]!.label).toBe('yes')
    expect(found[0]!.probability).toBeCloseTo(0.9)
    expect(found[0]!.start).toBeCloseTo(1.45)
    expect(found[0]!.end).toBeCloseTo(1.95)
  })

  it('smoothing moves no detection: a symmetrical bump keeps its middle', () => {
    const bump = track(rows([10, quiet], [7, yes(1)], [10, quiet]))
    for (const smoothing of [1, 2, 3, 5]) {
      const [d] = findDetections(bump, { ...plain, smoothing, threshold: 0.7 })
      expect((d!.start + d!.end) / 2).toBeCloseTo(1.8, 5)
    }
  })

  it('one spurious window is smoothed away; without smoothing it is a detection', () => {
    const spike = track(rows([10, quiet], [1, yes(1)], [10, quiet]))
    expect(findDetections(spike, plain)).toHaveLength(1)
    expect(findDetections(spike, { ...plain, smoothing: 3 })).toEqual([])
  })

  it('the threshold is inclusive', () => {
    const t = track(rows([3, yes(0.75)]))
    expect(findDetections(t, { ...plain, threshold: 0.75 })).toHaveLength(1)
    expect(findDetections(t, { ...plain, threshold: 0.7501 })).toEqual([])
  })

  it('drops what is shorter than the minimum, and keeps what is exactly as long', () => {
    const t = track(rows([5, quiet], [3, yes(1)], [5, quiet]))
    expect(findDetections(t, { ...plain, minimumDuration: 0.3 })).toHaveLength(1)
    expect(findDetections(t, { ...plain, minimumDuration: 0.36 })).toEqual([])
  })

  it('of close peaks the most probable stays, whatever its label', () => {
    const t = track(rows([5, quiet], [3, yes(0.7)], [3, no(0.9)], [20, quiet], [3, yes(0.8)], [5, quiet]))
    const all = findDetections(t, plain).map((d) => d.label)
    expect(all).toEqual(['yes', 'no', 'yes'])
    const kept = findDetections(t, { ...plain, suppression: 0.5 }).map((d) => [d.label, Math.round(d.probability * 10)])
    expect(kept).toEqual([
      ['no', 9],
      ['yes', 8],
    ])
  })

  it('suppression is not handed on: a dropped detection suppresses nothing', () => {
    const t = track(rows([5, yes(0.9)], [2, quiet], [1, no(0.8)], [2, quiet], [1, yes(0.7)], [9, quiet]))
    // Peaks at 0.5, 1.2 and 1.5 s: the second falls to the first, the third stands clear of the first.
    expect(findDetections(t, { ...plain, suppression: 0.8 }).map((d) => d.probability.toFixed(1))).toEqual(['0.9', '0.7'])
  })

  it('labels of the background never become detections', () => {
    expect(findDetections(track(rows([30, quiet])), plain)).toEqual([])
    for (const label of ['_unknown_', '_silence_', 'background', 'Noise', '_background_noise_']) expect(isBackgroundLabel(label)).toBe(true)
    for (const label of ['yes', 'noisy', 'seven']) expect(isBackgroundLabel(label)).toBe(false)
  })

  it('stays within the recording', () => {
    const short: ScoreTrack = { ...track([yes(1)]), duration: 0.52 }
    const [d] = findDetections(short, plain)
    expect(d!.start).toBeGreaterThanOrEqual(0)
    expect(d!.end).toBeLessThanOrEqual(0.52)
  })
})

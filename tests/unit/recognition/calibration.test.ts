import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { matchEvents, operatingCurves, readReference, type ReferenceEvent, type ScoreTrack } from '../../../src-main/recognition/index.ts'

const event = (start: number, end: number, label = 'a'): ReferenceEvent => ({ label, start, end })
const at = (middle: number) => ({ start: middle - 0.1, end: middle + 0.1 })

describe('which detections are right', () => {
  it('a detection whose middle lies in the widened event is a hit; just outside it is false, and the event missed', () => {
    const events = [event(1, 1.5)]
    for (const middle of [0.76, 1, 1.2, 1.5, 1.74]) expect(matchEvents([at(middle)], events, 0.25), String(middle)).toEqual({ hits: 1, falseAccepts: 0, falseRejects: 0 })
    for (const middle of [0.74, 1.76]) expect(matchEvents([at(middle)], events, 0.25), String(middle)).toEqual({ hits: 0, falseAccepts: 1, falseRejects: 1 })
  })

  it('two detections of one event: the second is false', () => {
    expect(matchEvents([at(1.1), at(1.4)], [event(1, 1.5)], 0)).toEqual({ hits: 1, falseAccepts: 1, falseRejects: 0 })
  })

  it('one detection between two events is right for one of them', () => {
    expect(matchEvents([at(1.6)], [event(1, 1.5), event(1.7, 2)], 0.2)).toEqual({ hits: 1, falseAccepts: 0, falseRejects: 1 })
  })

  it('takes as many pairs as there can be: the first detection does not take the only event of the second', () => {
    // The long event holds both, the short one only the first.
    expect(matchEvents([at(1.2), at(2.5)], [event(1, 3), event(1, 1.4)], 0)).toEqual({ hits: 2, falseAccepts: 0, falseRejects: 0 })
  })

  it('nothing said and nothing heard; nothing said and something heard', () => {
    expect(matchEvents([], [], 0.1)).toEqual({ hits: 0, falseAccepts: 0, falseRejects: 0 })
    expect(matchEvents([at(1), at(2)], [], 0.1)).toEqual({ hits: 0, falseAccepts: 2, falseRejects: 0 })
  })

  it('never finds fewer pairs than trying every assignment', () => {
    const random = createRandom(5)
    for (let round = 0; round < 200; round++) {
      const events = Array.from({ length: 4 }, () => {
        const start = random.uniform(0, 4)
        return event(start, start + random.uniform(0, 1.5))
      })
      const middles = Array.from({ length: 4 }, () => random.uniform(0, 5))
      const most = (rest: readonly number[], open: readonly ReferenceEvent[]): number => {
        const [first, ...others] = rest
        if (first === undefined) return 0
        const without = most(others, open)
        return open.reduce((best, e) => (first >= e.start && first <= e.end ? Math.max(best, 1 + most(others, open.filter((o) => o !== e))) : best), without)
      }
      // The middle as the matching works it out.
      const detections = middles.map(at)
      expect(matchEvents(detections, events, 0).hits).toBe(most(detections.map((d) => (d.start + d.end) / 2), events))
    }
  })
})

describe('label files', () => {
  it('an Audacity label track, with the lines of its frequencies', () => {
    expect(unwrap(readReference('1.5\t2.25\tseven\n\\\t300\t3000\n0.5\t0.9\tone\n', 'x.txt'))).toEqual([event(0.5, 0.9, 'one'), event(1.5, 2.25, 'seven')])
  })
  it('a Raven selection table: its spectrogram rows only', () => {
    const table = 'Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tAnnotation\n1\tWaveform 1\t1\t1.0\t2.0\t0\t8000\tcall\n1\tSpectrogram 1\t1\t1.0\t2.0\t0\t8000\tcall\n'
    expect(unwrap(readReference(table, 'x.txt'))).toEqual([event(1, 2, 'call')])
  })
  it('CSV, with commas in quotes or with semicolons', () => {
    expect(unwrap(readReference('file,start,end,label,probability\r\na.wav,1,2,"one, two ""x""",0.9\r\n', 'x.csv'))).toEqual([event(1, 2, 'one, two "x"')])
    expect(unwrap(readReference('\uFEFFStart;End;Label\n1;2;eins\n', 'x.csv'))).toEqual([event(1, 2, 'eins')])
  })
  it('says which line has no times, and that a table has no columns', () => {
    expect(readReference('1.5\t2.25\tseven\nx\t3\teight\n', 'x.txt')).toMatchObject({ ok: false, error: { code: 'INVALID', message: expect.stringContaining('Line 2') } })
    expect(readReference('a,b\n1,2\n', 'x.csv')).toMatchObject({ ok: false, error: { message: expect.stringContaining('no columns') } })
  })
})

describe('operating curves', () => {
  /** One window every 0.1 s, of 1 s; the probability of `a` is given at window middles. */
  function track(seconds: number, peaks: readonly { readonly at: number; readonly p: number }[]): ScoreTrack {
    const windows = Math.round((seconds - 1) / 0.1) + 1
    const scores = new Float32Array(windows * 2)
    for (const { at: middle, p } of peaks) {
      const w = Math.round((middle - 0.5) / 0.1)
      for (let i = w - 2; i <= w + 2; i++) scores[2 * i] = p
    }
    for (let w = 0; w < windows; w++) scores[2 * w + 1] = 1 - scores[2 * w]!
    return { labels: ['a', '_silence_'], windows, scores, hop: 0.1, length: 1, duration: seconds }
  }
  const recording = {
    track: track(60, [{ at: 10, p: 0.9 }, { at: 20, p: 0.6 }, { at: 30, p: 0.75 }, { at: 40, p: 0.35 }]),
    // 20 s and 40 s are no events; 50 s is one that is not heard at all.
    events: [event(9.8, 10.2), event(29.8, 30.2), event(49.8, 50.2)],
  }
  const options = { tolerance: 0.25, minimumDuration: 0, suppression: 0, smoothings: [1], thresholds: [0.3, 0.5, 0.7, 0.8, 0.95] }

  it('counts at every threshold what was made', async () => {
    expect(await operatingCurves([recording], options)).toEqual([{
      label: 'a', smoothing: 1, events: 3,
      points: [
        { threshold: 0.3, falseAccepts: 2, falseRejects: 1 },
        { threshold: 0.5, falseAccepts: 1, falseRejects: 1 },
        { threshold: 0.7, falseAccepts: 0, falseRejects: 1 },
        { threshold: 0.8, falseAccepts: 0, falseRejects: 2 },
        { threshold: 0.95, falseAccepts: 0, falseRejects: 3 },
      ],
    }])
  })

  it('adds up recordings; smoothing over twice the length of a peak halves it', async () => {
    const [one, , ten] = await operatingCurves([recording, { ...recording, events: [] }], { ...options, smoothings: [1, 5, 10] })
    expect(one!.points[1]).toEqual({ threshold: 0.5, falseAccepts: 1 + 3, falseRejects: 1 })
    // 0.9 over five of ten windows is 0.45: nothing reaches 0.5, and only 10 s reaches 0.3 … with 0.375 and 0.3 of the others.
    expect(ten!.points[1]).toMatchObject({ falseAccepts: 0, falseRejects: 3 })
  })
})

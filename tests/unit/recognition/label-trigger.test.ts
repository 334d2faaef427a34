import { describe, expect, it } from 'vitest'
import { createLabelTrigger, type LabelTrigger } from '../../../src-main/recognition/live/label-trigger.ts'

const labels = ['yes', 'no', '_silence_']
const options = { smoothing: 1, smoothings: {}, threshold: 0.5, thresholds: {}, refractory: 0.25 }
/** Scores of `yes` and `no`; the rest is silence. */
const row = (yes: number, no: number) => Float32Array.from([yes, no, 1 - yes - no])

/** One row every 0.1 s → what fired at which row. */
function fired(trigger: LabelTrigger, rows: readonly Float32Array[]): [row: number, label: string][] {
  return rows.flatMap((scores, i) => {
    const event = trigger.fire(trigger.smooth(scores), 0.1 * i)
    return event ? [[i, event.label] as [number, string]] : []
  })
}

describe('what fires', () => {
  it('tells a word once, however long its score stays, and again only after it had fallen below half of the threshold', () => {
    const high = Array.from({ length: 10 }, () => row(0.9, 0))
    expect(fired(createLabelTrigger(labels, options), high)).toEqual([[0, 'yes']])
    expect(fired(createLabelTrigger(labels, options), [...high, row(0.3, 0), ...high])).toEqual([[0, 'yes']])
    expect(fired(createLabelTrigger(labels, options), [...high, row(0.2, 0), ...high])).toEqual([[0, 'yes'], [11, 'yes']])
  })

  it('tells nothing within the refractory time, and another label after it', () => {
    const rows = [row(0.9, 0), row(0, 0.9), row(0, 0.9), row(0, 0.9), row(0, 0.9)]
    expect(fired(createLabelTrigger(labels, options), rows)).toEqual([[0, 'yes'], [3, 'no']])
  })

  it('forgets with a new sound', () => {
    const trigger = createLabelTrigger(labels, { ...options, smoothing: 4, refractory: 0 })
    expect(fired(trigger, [row(0.9, 0), row(0.9, 0)])).toEqual([[0, 'yes']])
    expect(trigger.settled(row(0.9, 0))).toBe(false)
    trigger.forget()
    expect([...trigger.smooth(row(0, 0.75))]).toEqual([0, 0.75, 0.25])
    expect(fired(trigger, [row(0, 0.75), row(0, 0.75), row(0, 0.75)])).toEqual([[0, 'no']])
    expect(trigger.settled(row(0, 0.75))).toBe(true)
  })

  it('averages as many windows as each label says, and takes each label’s own threshold', () => {
    const trigger = createLabelTrigger(labels, { ...options, smoothing: 2, smoothings: { no: 4 }, thresholds: { no: 0.2 } })
    trigger.smooth(row(0, 0))
    trigger.smooth(row(0, 0))
    trigger.smooth(row(0, 0))
    expect([...trigger.smooth(row(0.5, 0.5))]).toEqual([0.25, 0.125, 0.5])
    expect(trigger.fire(row(0.3, 0.1), 1)).toBeNull()
    expect(trigger.fire(row(0.1, 0.9), 2)).toEqual({ label: 'no', probability: Math.fround(0.9) })
    expect(trigger.fire(row(0.45, 0), 3)).toBeNull()
  })

  it('tells nothing of labels that stand for the background, nor of what is less probable than they', () => {
    const trigger = createLabelTrigger(labels, { ...options, threshold: 0.1 })
    expect(fired(trigger, [row(0, 0), row(0.3, 0), row(0.45, 0.1)])).toEqual([[2, 'yes']])
  })
})

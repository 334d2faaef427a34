/**
 * From scores to events, one for each word: scores are averaged over the last windows (Chen, Parada and Heigold,
 * "Small-footprint keyword spotting using deep neural networks", 2014, section 2.3), a label fires when it is the most
 * probable of all and reaches its threshold, and fires again only after its score had fallen.
 */
import { isBackgroundLabel } from '../score-track.ts'
import type { LiveOptions } from './live-options.ts'

export interface LabelTrigger {
  /** The mean of this window's scores and of those before it, as many as each label's smoothing says. */
  smooth(row: Float32Array): Float32Array
  /** As many windows have passed as the most probable label's smoothing averages. */
  settled(scores: Float32Array): boolean
  fire(scores: Float32Array, time: number): { readonly label: string; readonly probability: number } | null
  /** Another sound begins: the windows before it say nothing of it, and every label may fire. */
  forget(): void
}

/** A label that has fired may fire again once its score was below this share of its threshold. */
const RELEASE = 0.5

export function createLabelTrigger(
  labels: readonly string[],
  options: Pick<LiveOptions, 'smoothing' | 'smoothings' | 'threshold' | 'thresholds' | 'refractory'>,
): LabelTrigger {
  const candidates = labels.flatMap((label, i) => (isBackgroundLabel(label) ? [] : [i]))
  const spans = labels.map((label) => options.smoothings[label] ?? options.smoothing)
  const thresholds = labels.map((label) => options.thresholds[label] ?? options.threshold)
  const longest = Math.max(...spans)
  const history: Float32Array[] = []
  /** Labels that have fired and not fallen since. */
  const held = new Set<number>()
  let quietUntil = -Infinity
  const best = (scores: Float32Array) => candidates.reduce((top, i) => (scores[i]! > (scores[top] ?? -1) ? i : top), -1)

  return {
    smooth(row) {
      history.push(row)
      if (history.length > longest) history.shift()
      return Float32Array.from(spans, (span, i) => mean(history.slice(-span), i))
    },
    settled: (scores) => history.length >= (spans[best(scores)] ?? longest),
    fire(scores, time) {
      for (const i of held) if (scores[i]! < RELEASE * thresholds[i]!) held.delete(i)
      const top = best(scores)
      const wins = top >= 0 && scores.every((p) => p <= scores[top]!)
      if (!wins || scores[top]! < thresholds[top]! || held.has(top) || time < quietUntil) return null
      held.add(top)
      quietUntil = time + options.refractory
      return { label: labels[top]!, probability: Math.min(1, scores[top]!) }
    },
    forget() {
      history.length = 0
      held.clear()
    },
  }
}

const mean = (rows: readonly Float32Array[], i: number): number => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length

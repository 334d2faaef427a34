/** Where two models say different things of the same clips. Pure. */
import { mcnemarExact } from './mcnemar.ts'
import type { PredictionColumns } from '../predictions.ts'

/** `onlyA`: the first is right and the second wrong; `bothWrong`: both are, and differently. */
export type DisagreementKind = 'onlyA' | 'onlyB' | 'bothWrong'

export interface Disagreement {
  readonly clip: number
  readonly kind: DisagreementKind
  readonly label: string
  /** What each took it for, how sure it was of that, and what it gave the true label. */
  readonly a: ModelSaid
  readonly b: ModelSaid
}
export interface ModelSaid {
  readonly predicted: string
  readonly confidence: number
  readonly truth: number
}

export interface Disagreements {
  /** Clips that both were evaluated on, with the same true label. */
  readonly clips: number
  /** Clips of one that the other was not evaluated on, or on another label. */
  readonly unshared: number
  readonly bothRight: number
  readonly onlyA: number
  readonly onlyB: number
  /** Both wrong, alike and differently. */
  readonly sameWrong: number
  readonly bothWrong: number
  /** See `mcnemarExact`. */
  readonly p: number | null
  /** Those that disagree most first: by how much the probability of the true label differs. */
  readonly rows: readonly Disagreement[]
}

export function findDisagreements(a: PredictionColumns, b: PredictionColumns): Disagreements {
  const placeInB = new Map(b.id.map((id, i) => [id, i]))
  const counts = { clips: 0, bothRight: 0, onlyA: 0, onlyB: 0, sameWrong: 0, bothWrong: 0 }
  const rows: Disagreement[] = []
  a.id.forEach((clip, i) => {
    const j = placeInB.get(clip)
    const label = a.labels[a.label[i]!]!
    if (j === undefined || b.labels[b.label[j]!] !== label) return
    counts.clips++
    const saidA = said(a, i)
    const saidB = said(b, j)
    const right = [saidA.predicted === label, saidB.predicted === label] as const
    if (right[0] && right[1]) counts.bothRight++
    else if (saidA.predicted === saidB.predicted) counts.sameWrong++
    else {
      const kind = right[0] ? 'onlyA' : right[1] ? 'onlyB' : 'bothWrong'
      counts[kind]++
      rows.push({ clip, kind, label, a: saidA, b: saidB })
    }
  })
  const apart = ({ a, b }: Disagreement): number => Math.abs(a.truth - b.truth)
  return {
    ...counts,
    unshared: a.id.length + b.id.length - 2 * counts.clips,
    p: mcnemarExact(counts.onlyA, counts.onlyB),
    rows: rows.sort((x, y) => apart(y) - apart(x) || x.clip - y.clip),
  }
}

const said = (columns: PredictionColumns, row: number): ModelSaid => ({
  predicted: columns.labels[columns.predicted[row]!]!, confidence: columns.confidence[row]!, truth: columns.truth[row]!,
})

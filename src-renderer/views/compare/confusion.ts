/** Confusion matrices for the eye. Pure. */
import type { Evaluation } from '@contract'

/** [truth, predicted], rows as shares of the truth's clips or as counts. */
export type Matrix = readonly (readonly number[])[]

/** A row without clips is a row of zeros. */
export const shares = (counts: Matrix): Matrix => counts.map((row) => {
  const sum = row.reduce((a, b) => a + b, 0)
  return row.map((n) => (sum === 0 ? 0 : n / sum))
})

export const difference = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((value, j) => value - b[i]![j]!))

export const sameClasses = (a: Pick<Evaluation, 'classes'>, b: Pick<Evaluation, 'classes'>): boolean => a.classes.length === b.classes.length && a.classes.every((c, i) => c === b.classes[i])

/** The confusions that changed most, without the diagonal. */
export function largestChanges(delta: Matrix, count: number): { readonly truth: number; readonly predicted: number; readonly change: number }[] {
  return delta
    .flatMap((row, truth) => row.map((change, predicted) => ({ truth, predicted, change })))
    .filter((c) => c.truth !== c.predicted && c.change !== 0)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || a.truth - b.truth || a.predicted - b.predicted)
    .slice(0, count)
}

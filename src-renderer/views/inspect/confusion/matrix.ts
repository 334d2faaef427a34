/** What a confusion matrix shows. Pure. */
export const SHARES = ['counts', 'rows', 'columns'] as const
export type Share = (typeof SHARES)[number]
export const ORDERS = ['labels', 'errors'] as const
export type Order = (typeof ORDERS)[number]

/** A row and a column, as indices of the classes. */
export interface Cell {
  readonly truth: number
  readonly predicted: number
}

/** Parts of the row (what became of the clips of a label), of the column (what an answer is made of), or null for counts. */
export function shareOf(confusion: readonly (readonly number[])[], { truth, predicted }: Cell, share: Share): number | null {
  if (share === 'counts') return null
  const whole = share === 'rows' ? confusion[truth]!.reduce((a, b) => a + b, 0) : confusion.reduce((sum, row) => sum + row[predicted]!, 0)
  return whole === 0 ? 0 : confusion[truth]![predicted]! / whole
}

/** Classes in the order of the labels, or those with the most mistakes (of their clips and for their answers) first. */
export function classOrder(confusion: readonly (readonly number[])[], order: Order): number[] {
  const classes = confusion.map((_, k) => k)
  if (order === 'labels') return classes
  const mistakes = classes.map((k) => confusion.reduce((sum, row, truth) => sum + (truth === k ? 0 : row[k]!), 0) + confusion[k]!.reduce((sum, c, p) => sum + (p === k ? 0 : c), 0))
  return classes.sort((a, b) => mistakes[b]! - mistakes[a]! || a - b)
}

/** Cells with mistakes, the most first. */
export const mistakes = (confusion: readonly (readonly number[])[]): (Cell & { readonly count: number })[] =>
  confusion
    .flatMap((row, truth) => row.map((count, predicted) => ({ truth, predicted, count })))
    .filter((c) => c.truth !== c.predicted && c.count > 0)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.predicted - b.predicted)

/** How strongly a cell is coloured, 0 to 1: mistakes are seen beside a diagonal that is always full. */
export function strength(confusion: readonly (readonly number[])[], cell: Cell, share: Share): number {
  const count = confusion[cell.truth]![cell.predicted]!
  if (count === 0) return 0
  if (share !== 'counts') return Math.sqrt(shareOf(confusion, cell, share)!)
  const most = Math.max(1, ...confusion.flatMap((row, t) => row.filter((_, p) => (t === p) === (cell.truth === cell.predicted))))
  return Math.sqrt(count / most)
}

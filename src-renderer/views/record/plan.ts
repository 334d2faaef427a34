/** One prompt: a label to be said, and which time it is. */
export interface Prompt {
  readonly label: string
  /** From 1, by label. */
  readonly take: number
}

export const ORDERS = ['shuffled', 'byLabel'] as const
export type Order = (typeof ORDERS)[number]

/**
 * Every label so many times. `byLabel`: all takes of the first label, then of the next. `shuffled`: rounds that
 * hold every label once, each in an order of its own, so that nobody falls into a rhythm; `random` gives [0, 1).
 */
export function makePlan(labels: readonly string[], takes: number, order: Order, random: () => number): Prompt[] {
  const rounds = Array.from({ length: takes }, (_, i) => labels.map((label) => ({ label, take: i + 1 })))
  if (order === 'byLabel') return labels.flatMap((label) => rounds.flatMap((round) => round.filter((p) => p.label === label)))
  const plan: Prompt[] = []
  for (const round of rounds) {
    const shuffled = shuffle(round, random)
    // The same word twice in a row is hardly ever said the same way.
    if (shuffled.length > 1 && shuffled[0]?.label === plan.at(-1)?.label) shuffled.push(shuffled.shift()!)
    plan.push(...shuffled)
  }
  return plan
}

/** Fisher and Yates. */
function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const list = [...items]
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[list[i], list[j]] = [list[j]!, list[i]!]
  }
  return list
}

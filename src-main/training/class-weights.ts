/** Against unbalanced data: each class weighs clips / (classes · clips of the class), so that all weigh the same. */
export function balancedClassWeights(labels: ArrayLike<number>, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0)
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++
  return counts.map((count) => (count === 0 ? 0 : labels.length / (classes * count)))
}

/** Which of the costs are worth paying. Pure. */

export interface Priced {
  readonly id: string
  readonly cost: number
  readonly gain: number
}

/**
 * The points that no other beats: none costs as little or less and gains as much or more, one of them strictly. Cheapest
 * first. (Pareto, Manuale di economia politica, 1906.) Of equal points all are in the front.
 */
export function paretoFront<P extends Priced>(points: readonly P[]): P[] {
  const sorted = points.toSorted((a, b) => a.cost - b.cost || b.gain - a.gain)
  const front: P[] = []
  for (const point of sorted) {
    const last = front.at(-1)
    if (!last || point.gain > last.gain || (point.gain === last.gain && point.cost === last.cost)) front.push(point)
  }
  return front
}

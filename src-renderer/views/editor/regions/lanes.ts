/** Which lane each of some spans is drawn in, so that no two of a lane overlap: the first lane that is free. Spans by start. */
export function lanesOf(spans: readonly { readonly start: number; readonly end: number }[]): number[] {
  const free: number[] = []
  return spans.map(({ start, end }) => {
    const lane = free.findIndex((from) => from <= start)
    const taken = lane < 0 ? free.length : lane
    free[taken] = end
    return taken
  })
}

/** A pause longer than this (ms) is a person who went away: the rest of it does not count as work. */
const LONGEST_THOUGHT = 30_000

/** How fast a person decides. Pure: times in ms, from any clock. */
export interface Pace {
  readonly decided: number
  /** Time of work so far, ms. */
  readonly worked: number
  readonly last: number
}

export const startPace = (now: number): Pace => ({ decided: 0, worked: 0, last: now })

export const decidedAt = ({ decided, worked, last }: Pace, now: number): Pace => ({
  decided: decided + 1,
  worked: worked + Math.min(LONGEST_THOUGHT, now - last),
  last: now,
})

export const takenBack = (pace: Pace): Pace => ({ ...pace, decided: Math.max(0, pace.decided - 1) })

/** Decisions a minute; null before there are enough to say. */
export const perMinute = ({ decided, worked }: Pace): number | null => (decided < 3 || worked <= 0 ? null : Math.round((60_000 * decided) / worked))

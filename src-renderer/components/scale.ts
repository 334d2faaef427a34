/** Scales of charts: from values to places between 0 and 1, and back. Pure. */

export interface Tick {
  readonly value: number
  /** From 0, the lowest value, to 1. */
  readonly place: number
}

export interface NumberScale {
  readonly low: number
  readonly high: number
  readonly logarithmic: boolean
  /** Outside of 0 to 1 where the value is outside of the scale. */
  place(value: number): number
  value(place: number): number
  /** About as many as were asked for, at round values. */
  ticks(about: number): Tick[]
}

/** Whether values spread over powers of ten rather than around one size. */
export function spreadsOverPowers(values: readonly number[]): boolean {
  const low = Math.min(...values)
  return values.length > 0 && low > 0 && Math.max(...values) / low >= 20
}

/** `margin`: a part of the range that is left free at both ends. */
export function numberScale(values: readonly number[], { logarithmic = false, margin = 0 }: { readonly logarithmic?: boolean; readonly margin?: number } = {}): NumberScale {
  const usable = values.filter((v) => Number.isFinite(v) && (!logarithmic || v > 0))
  const to = logarithmic ? Math.log10 : (v: number) => v
  const from = logarithmic ? (v: number) => 10 ** v : (v: number) => v
  let a = usable.length === 0 ? 0 : to(usable.reduce((x, y) => Math.min(x, y)))
  let b = usable.length === 0 ? 1 : to(usable.reduce((x, y) => Math.max(x, y)))
  if (a === b) {
    // One value stands in the middle of a range of its own size.
    const around = logarithmic ? 0.5 : Math.abs(a) > 0 ? Math.abs(a) / 2 : 0.5
    a -= around
    b += around
  }
  const free = (b - a) * margin
  a -= free
  b += free
  return {
    low: from(a),
    high: from(b),
    logarithmic,
    place: (value) => (to(value) - a) / (b - a),
    value: (place) => from(a + place * (b - a)),
    ticks: (about) => (logarithmic ? logarithmicTicks(a, b, about) : linearTicks(a, b, about)),
  }
}

function linearTicks(a: number, b: number, about: number): Tick[] {
  const rough = (b - a) / Math.max(1, about)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999) ?? rough
  const ticks: Tick[] = []
  for (let i = Math.ceil(a / step - 1e-9); i * step <= b + step * 1e-9; i++) {
    // Twelve digits: 3 · 0.1 is 0.3.
    const value = Number((i * step).toPrecision(12))
    ticks.push({ value, place: (value - a) / (b - a) })
  }
  return ticks
}

/** At 1, 2 and 5 times the powers of ten; at the powers only where those are many; in between as on a linear scale. */
function logarithmicTicks(a: number, b: number, about: number): Tick[] {
  const powers = b - a
  const factors = powers > about ? [1] : [1, 2, 5]
  const every = Math.max(1, Math.ceil(powers / about))
  const ticks: Tick[] = []
  for (let power = Math.floor(a); power <= Math.ceil(b); power += every) {
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(12))
      const place = (Math.log10(value) - a) / powers
      if (place >= -1e-9 && place <= 1 + 1e-9) ticks.push({ value, place })
    }
  }
  if (ticks.length >= 2) return ticks
  return linearTicks(10 ** a, 10 ** b, about).map(({ value }) => ({ value, place: (Math.log10(value) - a) / powers }))
}

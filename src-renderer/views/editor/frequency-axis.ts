/** Frequencies in Hz on a vertical axis: 0 is its lower end, 1 its upper. */
export const FREQUENCY_SCALES = ['linear', 'mel', 'log'] as const
export type FrequencyScale = (typeof FREQUENCY_SCALES)[number]

export interface FrequencyAxis {
  readonly scale: FrequencyScale
  /** Hz, low below high. */
  readonly low: number
  readonly high: number
}

/** A logarithmic axis has no zero: it starts here, Hz. */
const LOWEST_LOG = 20

interface Warp {
  readonly to: (hz: number) => number
  readonly from: (warped: number) => number
}
/** Mel after O'Shaughnessy (1987), as in HTK: 2595 log10(1 + f/700). */
const WARPS: Readonly<Record<FrequencyScale, Warp>> = {
  linear: { to: (hz) => hz, from: (hz) => hz },
  mel: { to: (hz) => 2595 * Math.log10(1 + hz / 700), from: (mel) => 700 * (10 ** (mel / 2595) - 1) },
  log: { to: (hz) => Math.log2(Math.max(LOWEST_LOG, hz)), from: (octave) => 2 ** octave },
}
export const melOf = WARPS.mel.to

export function heightOf({ scale, low, high }: FrequencyAxis, hz: number): number {
  const { to } = WARPS[scale]
  return (to(hz) - to(low)) / (to(high) - to(low))
}

export function hertzAt({ scale, low, high }: FrequencyAxis, height: number): number {
  const { to, from } = WARPS[scale]
  return from(to(low) + height * (to(high) - to(low)))
}

const NICE = [1, 2, 5]

/** Frequencies to label, at least `room` (a part of the axis) apart, the roundest first chosen. */
export function frequencyTicks(axis: FrequencyAxis, room: number): number[] {
  const chosen: number[] = []
  const fits = (hz: number): boolean => {
    const at = heightOf(axis, hz)
    return at >= 0 && at <= 1 && chosen.every((other) => Math.abs(heightOf(axis, other) - at) >= room)
  }
  if (axis.scale === 'linear') {
    const least = (axis.high - axis.low) * room
    const power = 10 ** Math.floor(Math.log10(least))
    const step = [...NICE, 10].map((m) => m * power).find((s) => s >= least) ?? 10 * power
    for (let i = Math.ceil(axis.low / step); i * step <= axis.high; i++) chosen.push(i * step)
    return chosen
  }
  for (const multiples of [[1], [5], [2], [3, 4, 6, 7, 8, 9]])
    for (let power = 10; power <= axis.high; power *= 10)
      for (const m of multiples) if (fits(m * power)) chosen.push(m * power)
  return chosen.sort((a, b) => a - b)
}

const NOTES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B']
/** The nearest note of equal temperament (A4 is 440 Hz); none below the piano's lowest or above 20 kHz. */
export function noteOf(hz: number): string | null {
  if (!(hz >= 27.5 && hz <= 20_000)) return null
  const key = Math.round(69 + 12 * Math.log2(hz / 440))
  return `${NOTES[key % 12]}${Math.floor(key / 12) - 1}`
}

/** Words in a row, as somebody says them one after another, and what a listener made of them. */
import { createRandom } from '../../src-main/kit/index.ts'

export interface Spoken {
  readonly label: string
  readonly samples: Float32Array
}

export interface WordRow {
  readonly signal: Float32Array
  /** Seconds in the signal. */
  readonly words: readonly { readonly label: string; readonly start: number; readonly end: number }[]
}

export interface RowOptions {
  /** Seconds between two recordings, at random. */
  readonly pause: readonly [low: number, high: number]
  /** dBFS of white noise under everything. */
  readonly noise: number
  readonly seed: number
}

/** Seconds of noise alone before the first word: by then a background is known. */
const LEAD = 2
/** A word's first and last frame of 10 ms are within this many dB of its loudest: recordings have pauses of their own. */
const WITHIN = 30

export function rowOfWords(spoken: readonly Spoken[], sampleRate: number, { pause, noise, seed }: RowOptions): WordRow {
  const random = createRandom(seed)
  const words: { label: string; start: number; end: number }[] = []
  const signal: number[] = Array.from({ length: LEAD * sampleRate }, () => 0)
  for (const { label, samples } of spoken) {
    const [first, last] = span(samples, sampleRate / 100)
    words.push({ label, start: signal.length / sampleRate + first / 100, end: signal.length / sampleRate + (last + 1) / 100 })
    signal.push(...samples, ...new Float32Array(Math.round(random.uniform(...pause) * sampleRate)))
  }
  const gain = 10 ** (noise / 20)
  return { signal: Float32Array.from(signal, (x) => x + gain * random.normal()), words }
}

function span(samples: Float32Array, frame: number): [first: number, last: number] {
  const levels = Array.from({ length: Math.floor(samples.length / frame) }, (_, i) =>
    10 * Math.log10(Math.max(1e-12, samples.subarray(i * frame, (i + 1) * frame).reduce((sum, x) => sum + x * x, 0) / frame)))
  const least = Math.max(...levels) - WITHIN
  return [levels.findIndex((level) => level >= least), levels.findLastIndex((level) => level >= least)]
}

export interface Heard {
  readonly label: string
  /** Seconds: when it was known. */
  readonly time: number
}

export interface RowResult {
  readonly eventsPerWord: number
  /** Shares of the words: told once; told once and rightly. */
  readonly once: number
  readonly right: number
  /** Seconds from the end of a word to its first event, ascending; of words that have one. */
  readonly delays: readonly number[]
}

/** An event belongs to the last word that had begun. */
export function judgeRow({ words }: WordRow, events: readonly Heard[]): RowResult {
  const ofWords = words.map(({ start }, i) => events.filter((e) => e.time >= start && e.time < (words[i + 1]?.start ?? Infinity)))
  const share = (fits: (heard: readonly Heard[], i: number) => boolean) => ofWords.filter(fits).length / words.length
  return {
    eventsPerWord: events.length / words.length,
    once: share((heard) => heard.length === 1),
    right: share((heard, i) => heard.length === 1 && heard[0]!.label === words[i]!.label),
    delays: ofWords.flatMap((heard, i) => (heard.length > 0 ? [heard[0]!.time - words[i]!.end] : [])).sort((a, b) => a - b),
  }
}

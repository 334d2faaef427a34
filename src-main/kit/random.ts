/**
 * Seeded random numbers. Nothing in the pure rooms uses `Math.random`: a seed gives the same run again,
 * and the state travels in checkpoints.
 *
 * Generator: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state; seeded by hashing the seed with
 * splitmix32-style mixing so that neighbouring seeds give unrelated streams.
 */
export type RandomState = readonly [number, number, number, number]

export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number
  /** Uniform integer in [0, n). */
  int(n: number): number
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number
  /** Normal with mean 0 and variance 1 (Box-Muller, one value a call). */
  normal(): number
  /** Shuffles in place (Fisher-Yates) and returns its argument. */
  shuffle<A extends { length: number; [i: number]: unknown }>(array: A): A
  /** An independent stream named by `label`; does not advance this one. */
  fork(label: string): Random
  state(): RandomState
}

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad)
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97)
  return (h ^ (h >>> 15)) >>> 0
}

function seedState(text: string): RandomState {
  // FNV-1a over UTF-16 code units, then four mixed words.
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  const word = (k: number) => mix((h + Math.imul(k, 0x9e3779b9)) >>> 0)
  return [word(1), word(2), word(3), word(4)]
}

export function createRandom(seed: number | string): Random {
  const random = restoreRandom(seedState(String(seed)))
  for (let i = 0; i < 12; i++) random.next()
  return random
}

export function restoreRandom(state: RandomState): Random {
  let [a, b, c, d] = state.map((x) => x | 0) as [number, number, number, number]
  const random: Random = {
    next() {
      const t = (((a + b) | 0) + d) | 0
      d = (d + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (c << 21) | (c >>> 11)
      c = (c + t) | 0
      return (t >>> 0) / 4294967296
    },
    int: (n) => Math.floor(random.next() * n),
    uniform: (low, high) => low + (high - low) * random.next(),
    normal() {
      const u = 1 - random.next()
      const v = random.next()
      return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v)
    },
    shuffle(array) {
      for (let i = array.length - 1; i > 0; i--) {
        const j = random.int(i + 1)
        const swap = array[i]
        array[i] = array[j]
        array[j] = swap
      }
      return array
    },
    fork: (label) => createRandom(`${random.state().join(':')}/${label}`),
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  }
  return random
}

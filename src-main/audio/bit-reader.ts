/** Reads bits, most significant first, as FLAC packs them. Beyond the end it throws `EndOfBits`. */
export class EndOfBits extends Error {}

export interface BitReader {
  /** In whole bytes once aligned; otherwise the byte that the next bit lies in. */
  readonly position: number
  /** Unsigned, up to 32 bits. */
  bits(count: number): number
  /** Two's complement, 1 to 33 bits. */
  signed(count: number): number
  /** Zeros before the next one, which is taken too. */
  unary(): number
  /** `count` Rice-coded residuals with this parameter, into `out` from `at` on. */
  rice(parameter: number, out: Float64Array, at: number, count: number): void
  align(): void
}

export function createBitReader(bytes: Uint8Array, start: number): BitReader {
  let at = start
  /** Bits of `bytes[at]` that are already taken. */
  let used = 0

  const bits = (count: number): number => {
    let value = 0
    while (count > 0) {
      if (at >= bytes.length) throw new EndOfBits()
      const free = 8 - used
      const take = Math.min(free, count)
      const part = (bytes[at]! >> (free - take)) & ((1 << take) - 1)
      value = value * 2 ** take + part
      used += take
      count -= take
      if (used === 8) {
        used = 0
        at++
      }
    }
    return value
  }

  const unary = (): number => {
    let zeros = 0
    for (;;) {
      if (at >= bytes.length) throw new EndOfBits()
      const rest = (bytes[at]! << used) & 0xff
      if (rest === 0) {
        zeros += 8 - used
        used = 0
        at++
        continue
      }
      const lead = Math.clz32(rest) - 24
      zeros += lead
      used += lead + 1
      if (used === 8) {
        used = 0
        at++
      }
      return zeros
    }
  }

  return {
    get position() {
      return at
    },
    bits,
    signed(count) {
      const value = bits(count)
      return value >= 2 ** (count - 1) ? value - 2 ** count : value
    },
    unary,
    rice(parameter, out, start_, count) {
      const scale = 2 ** parameter
      for (let i = start_; i < start_ + count; i++) {
        const folded = unary() * scale + (parameter === 0 ? 0 : bits(parameter))
        out[i] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2
      }
    },
    align() {
      if (used > 0) {
        used = 0
        at++
      }
    },
  }
}

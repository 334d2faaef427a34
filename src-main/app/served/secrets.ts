import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, as text for an address or a cookie. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** Compares without telling by its duration how much was right; a missing value is wrong. */
export function sameSecret(given: string | null | undefined, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const equal = timingSafeEqual(digest(given ?? ''), digest(wanted))
  return equal && typeof given === 'string'
}

/**
 * Who may come in. A token stands in the printed address and opens once: it is exchanged for a cookie that
 * lives as long as the program. An address that leaks later (history, a log, a screenshot) opens nothing.
 */
export interface Gatekeeper {
  /** A token that has not been used; the same until it is. */
  readonly token: string
  /** The cookie's value for a right token, else null. */
  exchange(token: string | null): string | null
  admits(cookie: string | null): boolean
}

export function createGatekeeper(): Gatekeeper {
  const session = newSecret()
  let token = newSecret()
  return {
    get token() {
      return token
    },
    exchange(given) {
      if (!sameSecret(given, token)) return null
      token = newSecret()
      return session
    },
    admits: (cookie) => sameSecret(cookie, session),
  }
}

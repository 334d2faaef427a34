import type { IncomingHttpHeaders } from 'node:http'

/** Where the studio is served. Requests must name exactly this, or they were meant for something else. */
export interface Place {
  /** As in the address: `127.0.0.1:4321`, `[::1]:4321`. */
  readonly host: string
  readonly origin: string
  /** Cookies ignore ports: each server needs its own name. */
  readonly cookieName: string
}

export function placeOf(address: string, port: number): Place {
  const host = `${address.includes(':') ? `[${address}]` : address}:${port}`
  return { host, origin: `http://${host}`, cookieName: `espectro-${port}` }
}

export interface Asked {
  /** Raw header lines, to see a header that was sent twice. */
  readonly rawHeaders: readonly string[]
  readonly headers: IncomingHttpHeaders
}

/**
 * Stops DNS rebinding (a foreign name that resolves to this machine carries that name in Host) and other
 * sites' pages (they carry their own Origin). A page's plain GET carries no Origin; a WebSocket always does.
 */
export function isMeantForUs(asked: Asked, place: Place, needsOrigin: boolean): boolean {
  const sent = (name: string) => asked.rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === name).length
  if (sent('host') !== 1 || asked.headers.host !== place.host) return false
  if (sent('origin') > 1) return false
  const origin = asked.headers.origin
  return origin === undefined ? !needsOrigin : origin === place.origin
}

/** The value of our cookie; null where it is missing or sent twice. */
export function cookieOf(asked: Asked, name: string): string | null {
  const values = (asked.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return values.length === 1 ? values[0]! : null
}

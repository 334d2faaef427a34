import { describe, expect, it } from 'vitest'
import { cookieOf, isMeantForUs, placeOf } from '../../../src-main/app/served/guard.ts'
import { createGatekeeper, newSecret, sameSecret } from '../../../src-main/app/served/secrets.ts'
import { staticName } from '../../../src-main/rpc/static-files.ts'

const asked = (headers: Record<string, string>) => ({ headers, rawHeaders: Object.entries(headers).flat() })

describe('secrets', () => {
  it('are 256 bits, each another', () => {
    const secrets = Array.from({ length: 50 }, newSecret)
    expect(new Set(secrets).size).toBe(50)
    for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
  })

  it('are the same only where they are', () => {
    const secret = newSecret()
    expect(sameSecret(secret, secret)).toBe(true)
    for (const given of [null, undefined, '', `${secret} `, secret.slice(1), secret.toUpperCase()]) expect(sameSecret(given, secret)).toBe(false)
    expect(sameSecret(null, '')).toBe(false)
  })

  it('a token opens once, the cookie stays', () => {
    const gate = createGatekeeper()
    const { token } = gate
    expect(gate.exchange('x')).toBeNull()
    expect(gate.token).toBe(token)
    const session = gate.exchange(token)!
    expect(gate.admits(session)).toBe(true)
    expect(gate.admits(token)).toBe(false)
    expect(gate.exchange(token)).toBeNull()
    expect(gate.exchange(gate.token)).toBe(session)
  })
})

describe('guard', () => {
  it('writes IPv6 addresses as addresses do', () => {
    expect(placeOf('::1', 80)).toEqual({ host: '[::1]:80', origin: 'http://[::1]:80', cookieName: 'espectro-80' })
  })

  it('wants Host exactly once, and Origin where one is needed', () => {
    const place = placeOf('127.0.0.1', 4000)
    expect(isMeantForUs(asked({ host: place.host }), place, false)).toBe(true)
    expect(isMeantForUs(asked({ host: place.host }), place, true)).toBe(false)
    expect(isMeantForUs(asked({ host: place.host, origin: place.origin }), place, true)).toBe(true)
    expect(isMeantForUs(asked({ host: place.host, origin: 'null' }), place, false)).toBe(false)
    expect(isMeantForUs(asked({}), place, false)).toBe(false)
    expect(isMeantForUs({ headers: { host: place.host }, rawHeaders: ['Host', place.host, 'host', place.host] }, place, false)).toBe(false)
  })

  it('reads its own cookie among others', () => {
    expect(cookieOf(asked({ cookie: 'a=1; espectro-1=x; b=2' }), 'espectro-1')).toBe('x')
    expect(cookieOf(asked({ cookie: 'espectro-11=x' }), 'espectro-1')).toBeNull()
    expect(cookieOf(asked({ cookie: 'espectro-1=x; espectro-1=y' }), 'espectro-1')).toBeNull()
    expect(cookieOf(asked({}), 'espectro-1')).toBeNull()
  })
})

describe('staticName', () => {
  it.each([
    ['/', 'index.html'], ['/index.html', 'index.html'], ['/assets/a-1.js', 'assets/a-1.js'], ['/a%20b.png', 'a b.png'],
    ['/../x', null], ['/.x', null], ['/a/./b', null], ['//x', null], ['/a//b', null], ['/%2e%2e/x', null], ['/%252e%252e/x', null],
    ['/a\\b', null], ['/a%5Cb', null], ['/a%00', null], ['/%', null], ['/c:/x', null], ['/%c0%ae', null], ['x', null],
  ])('%s', (path, wanted) => {
    expect(staticName(path)).toBe(wanted)
  })
})

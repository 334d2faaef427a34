import { describe, expect, it } from 'vitest'
import { bytesResponse, parseByteRange } from '../../../src-main/rpc/byte-range.ts'

describe('parseByteRange', () => {
  it.each([
    [null, 'whole'],
    ['bytes=0-', { start: 0, end: 10 }],
    ['bytes=2-5', { start: 2, end: 6 }],
    ['bytes=2-99', { start: 2, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-99', { start: 0, end: 10 }],
    ['bytes=9-9', { start: 9, end: 10 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,3-4', 'whole'],
    ['lines=0-1', 'whole'],
    ['bytes=a-b', 'whole'],
    ['bytes=99999999999999999999-', 'whole'],
  ])('%s of ten bytes', (header, wanted) => {
    expect(parseByteRange(header, 10)).toEqual(wanted)
  })
})

describe('bytesResponse', () => {
  const bytes = Uint8Array.from({ length: 10 }, (_, i) => i)
  const ask = (range?: string, method = 'GET') =>
    bytesResponse(new Request('http://x/', { method, ...(range === undefined ? {} : { headers: { range } }) }), bytes, 'audio/wav')

  it('gives the whole, a part, or says why not', async () => {
    const whole = ask()
    expect(whole.status).toBe(200)
    expect(whole.headers.get('accept-ranges')).toBe('bytes')
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(bytes)
    const part = ask('bytes=3-4')
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe('bytes 3-4/10')
    expect(part.headers.get('content-length')).toBe('2')
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(Uint8Array.of(3, 4))
    const none = ask('bytes=10-')
    expect(none.status).toBe(416)
    expect(none.headers.get('content-range')).toBe('bytes */10')
  })

  it('a HEAD has the headers and no body', async () => {
    const head = ask(undefined, 'HEAD')
    expect(head.headers.get('content-length')).toBe('10')
    expect((await head.arrayBuffer()).byteLength).toBe(0)
  })
})

/** What a Range header asks of `length` bytes: all of them, a part [start, end), or what cannot be given. */
export type ByteRange = 'whole' | 'unsatisfiable' | { readonly start: number; readonly end: number }

/** Understands one range (RFC 9110, section 14); several at once, and other units, are answered whole. */
export function parseByteRange(header: string | null, length: number): ByteRange {
  const match = header === null ? null : /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim())
  if (!match) return 'whole'
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return 'whole'
  if (first === '') {
    const suffix = Number(last)
    return suffix === 0 || length === 0 ? 'unsatisfiable' : { start: Math.max(0, length - suffix), end: length }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return 'whole'
  if (start >= length) return 'unsatisfiable'
  return { start, end: last === '' ? length : Math.min(length, Number(last) + 1) }
}

/** Bytes that never change under their address, with Range answered. */
export function bytesResponse(request: Request, bytes: Uint8Array<ArrayBuffer>, type: string): Response {
  const headers = new Headers({
    'content-type': type,
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=31536000, immutable',
  })
  const range = parseByteRange(request.headers.get('range'), bytes.length)
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${bytes.length}`)
    return new Response(null, { status: 416, headers })
  }
  const part = range === 'whole' ? bytes : bytes.subarray(range.start, range.end)
  headers.set('content-length', String(part.length))
  if (range !== 'whole') headers.set('content-range', `bytes ${range.start}-${range.end - 1}/${bytes.length}`)
  return new Response(request.method === 'HEAD' ? null : part, { status: range === 'whole' ? 200 : 206, headers })
}

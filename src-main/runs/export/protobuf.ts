/** The few things of protocol buffers that a log needs, written by hand. Pure. (protobuf.dev/programming-guides/encoding) */

const utf8 = new TextEncoder()

export const join = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Whole and not negative. */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Uint8Array.from(bytes)
}

const tag = (field: number, wire: number): Uint8Array => varint(field * 8 + wire)

/** Nothing is written for 0, which is what a missing number means. */
export const int = (field: number, value: number): Uint8Array => (value === 0 ? new Uint8Array(0) : join([tag(field, 0), varint(value)]))
/** Of a choice of several fields: which one it is must be said of `false` as well. */
export const flag = (field: number, value: boolean): Uint8Array => join([tag(field, 0), varint(Number(value))])
export const bytes = (field: number, value: Uint8Array): Uint8Array => join([tag(field, 2), varint(value.length), value])
export const text = (field: number, value: string): Uint8Array => bytes(field, utf8.encode(value))
export const message = (field: number, ...members: readonly Uint8Array[]): Uint8Array => bytes(field, join(members))

export function double(field: number, value: number): Uint8Array {
  const written = new Uint8Array(8)
  new DataView(written.buffer).setFloat64(0, value, true)
  return join([tag(field, 1), written])
}

export function float(field: number, value: number): Uint8Array {
  const written = new Uint8Array(4)
  new DataView(written.buffer).setFloat32(0, value, true)
  return join([tag(field, 5), written])
}

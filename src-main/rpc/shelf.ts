import { hashBytes } from '../kit/index.ts'

/** Bytes that a call made and a GET fetches, kept for a while under their own hash. */
export interface Shelf {
  put(bytes: Uint8Array<ArrayBuffer>, type: string): string
  get(key: string): { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string } | null
}

/** Bytes that are kept before the oldest go. */
const CAPACITY = 64 << 20

export function createShelf(capacity = CAPACITY): Shelf {
  const kept = new Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }>()
  let size = 0
  return {
    put(bytes, type) {
      const key = hashBytes(bytes)
      const known = kept.get(key)
      if (known) size -= known.bytes.length
      kept.delete(key)
      kept.set(key, { bytes, type })
      size += bytes.length
      for (const [oldest, { bytes: old }] of kept) {
        if (size <= capacity || oldest === key) break
        kept.delete(oldest)
        size -= old.length
      }
      return key
    },
    get: (key) => kept.get(key) ?? null,
  }
}

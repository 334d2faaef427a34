import { describe, expect, it } from 'vitest'
import { createShelf } from '../../../src-main/rpc/index.ts'

const bytes = (value: number, length = 10): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(value)

describe('the shelf of previews', () => {
  it('gives bytes back under their hash, with their type', () => {
    const shelf = createShelf()
    const key = shelf.put(bytes(1), 'audio/wav')
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(shelf.get(key)).toEqual({ bytes: bytes(1), type: 'audio/wav' })
    expect(shelf.put(bytes(1), 'audio/wav')).toBe(key)
    expect(shelf.get('0'.repeat(64))).toBeNull()
  })

  it('lets the oldest go where it is full, and keeps what was put again', () => {
    const shelf = createShelf(35)
    const [a, b, c] = [1, 2, 3].map((n) => shelf.put(bytes(n), 'x')) as [string, string, string]
    shelf.put(bytes(1), 'x')
    const d = shelf.put(bytes(4), 'x')
    expect([a, b, c, d].map((key) => shelf.get(key) !== null)).toEqual([true, false, true, true])
    const large = shelf.put(bytes(5, 100), 'x')
    expect([a, c, d, large].map((key) => shelf.get(key) !== null)).toEqual([false, false, false, true])
  })
})

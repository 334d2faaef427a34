import { expect, it } from 'vitest'
import { toInt16Base64 } from '../../../src-renderer/views/recognise/pcm.ts'

it('sound travels as 16-bit little-endian samples, clipped at full scale', () => {
  const bytes = Buffer.from(toInt16Base64(Float32Array.from([0, 1, -1, 2, 0.5])), 'base64')
  expect(Array.from({ length: 5 }, (_, i) => bytes.readInt16LE(2 * i))).toEqual([0, 32767, -32767, 32767, 16384])
})

/**
 * The bytes of a feature cache: a header, then records of one size, little-endian.
 *
 *     header  magic 8 | front-end hash 32 | values a record u32 | CRC-32 of these 44 bytes u32 | zeros to 64
 *     record  key 32 | payload bytes u32 | CRC-32 of key, size and payload u32 | payload: float32 × values
 *
 * Records of one size keep one damaged place from hiding those after it.
 */
import { crc32 } from 'node:zlib'

export const HEADER_BYTES = 64
export const RECORD_HEAD_BYTES = 40
const MAGIC = Buffer.from('ESPFEAT1', 'latin1')

export const recordBytes = (values: number): number => RECORD_HEAD_BYTES + 4 * values

export function encodeHeader(frontEndHash: string, values: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header, 0)
  header.write(frontEndHash, 8, 'hex')
  header.writeUInt32LE(values, 40)
  header.writeUInt32LE(crc32(header.subarray(0, 44)), 44)
  return header
}

/** Writes one record at the start of `target`, which has exactly its size. */
export function encodeRecord(target: Buffer, key: string, values: Float32Array): void {
  target.write(key, 0, 'hex')
  target.writeUInt32LE(4 * values.length, 32)
  target.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), RECORD_HEAD_BYTES)
  target.writeUInt32LE(checksum(target), 36)
}

/** The key in a record's head, or null where the head does not fit records of this many values. */
export function recordKey(head: Buffer, values: number): string | null {
  return head.readUInt32LE(32) === 4 * values ? head.toString('hex', 0, 32) : null
}

/** The values of a whole record, or null where it is damaged or another's. */
export function decodeRecord(record: Buffer, key: string, values: number): Float32Array | null {
  if (recordKey(record, values) !== key || record.readUInt32LE(36) !== checksum(record)) return null
  const out = new Float32Array(values)
  new Uint8Array(out.buffer).set(record.subarray(RECORD_HEAD_BYTES))
  return out
}

/** Of everything but the checksum itself. */
const checksum = (record: Buffer): number => crc32(record.subarray(RECORD_HEAD_BYTES), crc32(record.subarray(0, 36)))

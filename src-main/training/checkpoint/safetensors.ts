/**
 * The safetensors file format (Hugging Face): eight bytes with the header's length, little endian; the header,
 * JSON that names each tensor's type, shape and place; the tensors' bytes, row-major, little endian. A strict
 * reader: a header that lies about sizes is refused, nothing is executed.
 */
import { assert, fail, ok, type Result } from '../../kit/index.ts'

export type TensorData = Float32Array | BigInt64Array | Int32Array | Uint8Array

export interface StoredTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: TensorData
}

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: readonly StoredTensor[]
}

const HEADER_LIMIT = 64 << 20

const KINDS = {
  F32: { bytes: 4, read: (b: ArrayBuffer) => new Float32Array(b) },
  I64: { bytes: 8, read: (b: ArrayBuffer) => new BigInt64Array(b) },
  I32: { bytes: 4, read: (b: ArrayBuffer) => new Int32Array(b) },
  U8: { bytes: 1, read: (b: ArrayBuffer) => new Uint8Array(b) },
} as const
type Kind = keyof typeof KINDS

function kindOf(data: TensorData): Kind {
  if (data instanceof Float32Array) return 'F32'
  if (data instanceof BigInt64Array) return 'I64'
  return data instanceof Int32Array ? 'I32' : 'U8'
}

interface HeaderEntry {
  readonly dtype: Kind
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

export function writeSafetensors(file: SafetensorsFile): Uint8Array {
  const header: Record<string, HeaderEntry | Readonly<Record<string, string>>> = { __metadata__: file.metadata }
  let at = 0
  for (const { name, shape, data } of file.tensors) {
    assert(!(name in header), `two tensors named ${name}`)
    assert(shape.reduce((a, b) => a * b, 1) === data.length, `${name} holds ${data.length} values for [${shape.join(', ')}]`)
    header[name] = { dtype: kindOf(data), shape: [...shape], data_offsets: [at, at + data.byteLength] }
    at += data.byteLength
  }
  const text = Buffer.from(JSON.stringify(header))
  const padded = Math.ceil((8 + text.length) / 8) * 8 // tensors start at a multiple of 8 bytes, as the format advises
  const bytes = Buffer.alloc(padded + at, ' ')
  bytes.writeBigUInt64LE(BigInt(padded - 8))
  text.copy(bytes, 8)
  let offset = padded
  for (const { data } of file.tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset)
    offset += data.byteLength
  }
  return bytes
}

/** Reads the bytes back; `INVALID` with the reason where they are not a whole safetensors file. */
export function readSafetensors(bytes: Uint8Array): Result<SafetensorsFile> {
  if (bytes.length < 8) return broken('it is too short')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > HEADER_LIMIT || 8 + length > bytes.length) return broken('its header is longer than the file')
  let header: unknown
  try {
    header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString('utf8'))
  } catch {
    return broken('its header is not JSON')
  }
  if (!isRecord(header)) return broken('its header is not an object')
  const metadata = header['__metadata__'] ?? {}
  if (!isRecord(metadata) || !Object.values(metadata).every((v) => typeof v === 'string')) return broken('its metadata is not text')
  const body = bytes.subarray(8 + length)
  const tensors: StoredTensor[] = []
  let expected = 0
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue
    if (!isEntry(entry)) return broken(`the entry of ${JSON.stringify(name)} is malformed`)
    const [begin, end] = entry.data_offsets
    const size = entry.shape.reduce((a, b) => a * b, 1) * KINDS[entry.dtype].bytes
    if (begin !== expected || end - begin !== size || end > body.length) return broken(`${JSON.stringify(name)} lies outside the file`)
    const copy = new Uint8Array(size)
    copy.set(body.subarray(begin, end))
    tensors.push({ name, shape: entry.shape, data: KINDS[entry.dtype].read(copy.buffer) })
    expected = end
  }
  if (expected !== body.length) return broken('it has bytes that belong to no tensor')
  return ok({ metadata: metadata as Record<string, string>, tensors })
}

const broken = (why: string) => fail('INVALID', `Not a whole safetensors file: ${why}`)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

function isEntry(value: unknown): value is HeaderEntry {
  if (!isRecord(value)) return false
  const { dtype, shape, data_offsets: offsets } = value
  return (
    typeof dtype === 'string' &&
    Object.hasOwn(KINDS, dtype) &&
    Array.isArray(shape) &&
    shape.every(isCount) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isCount)
  )
}

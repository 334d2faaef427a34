import { createBitReader, type BitReader } from './bit-reader.ts'
import { crc16, crc8 } from './crc.ts'
import { corrupt } from './faults.ts'

/** The header of one FLAC frame (RFC 9639, section 9.1). */
export interface FrameHeader {
  /** Where the subframes start. */
  readonly end: number
  readonly blockSize: number
  /** The number of the frame's first sample, or of the frame itself where all blocks have one size. */
  readonly number: number
  readonly variable: boolean
  /** Hz; 0 where only STREAMINFO says. */
  readonly sampleRate: number
  readonly channels: number
  readonly stereo: 'independent' | 'left-side' | 'side-right' | 'mid-side'
  /** Bits a sample; 0 where only STREAMINFO says. */
  readonly bits: number
}

const RATES = [0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000]
const BITS = [0, 8, 12, -1, 16, 20, 24, 32]

/** The frame header at `at`, or undefined where there is none (no sync code, reserved values, wrong CRC). */
export function readFrameHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xfe) !== 0xf8 || at + 6 > bytes.length) return undefined
  const sizeCode = bytes[at + 2]! >> 4
  const rateCode = bytes[at + 2]! & 15
  const channelCode = bytes[at + 3]! >> 4
  const bits = BITS[(bytes[at + 3]! >> 1) & 7]!
  if (sizeCode === 0 || rateCode === 15 || channelCode > 10 || bits < 0 || (bytes[at + 3]! & 1) === 1) return undefined
  const coded = readCodedNumber(bytes, at + 4)
  if (!coded) return undefined
  let end = coded.end
  const extra = (width: number): number => {
    let value = 0
    for (let i = 0; i < width; i++) value = value * 256 + (bytes[end++] ?? 0)
    return value
  }
  const blockSize =
    sizeCode === 1 ? 192
    : sizeCode <= 5 ? 576 << (sizeCode - 2)
    : sizeCode === 6 ? extra(1) + 1
    : sizeCode === 7 ? extra(2) + 1
    : 256 << (sizeCode - 8)
  const sampleRate =
    rateCode === 12 ? extra(1) * 1000
    : rateCode === 13 ? extra(2)
    : rateCode === 14 ? extra(2) * 10
    : RATES[rateCode]!
  if (end >= bytes.length || crc8(bytes, at, end) !== bytes[end]) return undefined
  return {
    end: end + 1,
    blockSize,
    number: coded.value,
    variable: (bytes[at + 1]! & 1) === 1,
    sampleRate,
    channels: channelCode < 8 ? channelCode + 1 : 2,
    stereo: channelCode < 8 ? 'independent' : (['left-side', 'side-right', 'mid-side'] as const)[channelCode - 8]!,
    bits,
  }
}

/** Numbers of up to 36 bits are coded as UTF-8 would, had it no end. */
function readCodedNumber(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  const lead = Math.clz32(~(bytes[at]! << 24))
  if (lead === 1 || lead > 7) return undefined
  let value = bytes[at]! & (0x7f >> lead)
  for (let i = 1; i < lead; i++) {
    const next = bytes[at + i]
    if (next === undefined || (next & 0xc0) !== 0x80) return undefined
    value = value * 64 + (next & 63)
  }
  return { value, end: at + Math.max(1, lead) }
}

/**
 * Decodes the frame whose header is given into one array of integers a channel; returns where the next frame
 * starts. Throws what is damaged; `EndOfBits` where the bytes end too early.
 */
export function decodeFrame(bytes: Uint8Array, start: number, header: FrameHeader, bits: number, out: Float64Array[]): number {
  const reader = createBitReader(bytes, header.end)
  const { stereo, blockSize } = header
  for (let c = 0; c < header.channels; c++) {
    // The difference of two channels needs one bit more.
    const side = (stereo === 'left-side' && c === 1) || (stereo === 'mid-side' && c === 1) || (stereo === 'side-right' && c === 0)
    decodeSubframe(reader, bits + (side ? 1 : 0), blockSize, out[c]!)
  }
  reader.align()
  const end = reader.position
  if (reader.bits(16) !== crc16(bytes, start, end)) throw corrupt('A block of the FLAC file does not match its checksum')
  const [a, b] = out as [Float64Array, Float64Array]
  if (stereo === 'left-side') for (let i = 0; i < blockSize; i++) b[i] = a[i]! - b[i]!
  else if (stereo === 'side-right') for (let i = 0; i < blockSize; i++) a[i] = a[i]! + b[i]!
  else if (stereo === 'mid-side')
    for (let i = 0; i < blockSize; i++) {
      const side = b[i]!
      const mid = 2 * a[i]! + Math.abs(side % 2)
      a[i] = (mid + side) / 2
      b[i] = (mid - side) / 2
    }
  return end + 2
}

/** RFC 9639, section 9.2. */
function decodeSubframe(reader: BitReader, bits: number, size: number, out: Float64Array): void {
  if (reader.bits(1) !== 0) throw corrupt('A block of the FLAC file is damaged')
  const type = reader.bits(6)
  const wasted = reader.bits(1) === 1 ? reader.unary() + 1 : 0
  const width = bits - wasted
  if (width < 1) throw corrupt('A block of the FLAC file is damaged')
  if (type === 0) out.fill(reader.signed(width), 0, size)
  else if (type === 1) for (let i = 0; i < size; i++) out[i] = reader.signed(width)
  else if (type >= 8 && type <= 12) {
    const order = type - 8
    for (let i = 0; i < order; i++) out[i] = reader.signed(width)
    decodeResidual(reader, order, size, out)
    predict(out, size, FIXED[order]!, 0)
  } else if (type >= 32) {
    const order = type - 31
    for (let i = 0; i < order; i++) out[i] = reader.signed(width)
    const precision = reader.bits(4) + 1
    const shift = reader.signed(5)
    if (precision === 16 || shift < 0 || order > size) throw corrupt('A block of the FLAC file is damaged')
    const coefficients = Float64Array.from({ length: order }, () => reader.signed(precision))
    decodeResidual(reader, order, size, out)
    predict(out, size, coefficients, shift)
  } else throw corrupt('A block of the FLAC file is damaged')
  if (wasted > 0) for (let i = 0; i < size; i++) out[i] = out[i]! * 2 ** wasted
}

const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]].map((c) => Float64Array.from(c))

function decodeResidual(reader: BitReader, order: number, size: number, out: Float64Array): void {
  const method = reader.bits(2)
  if (method > 1) throw corrupt('A block of the FLAC file is damaged')
  const parameterBits = method === 0 ? 4 : 5
  const partitions = 2 ** reader.bits(4)
  const length = size / partitions
  if (!Number.isInteger(length) || length < order) throw corrupt('A block of the FLAC file is damaged')
  for (let p = 0; p < partitions; p++) {
    const at = p === 0 ? order : p * length
    const count = (p + 1) * length - at
    const parameter = reader.bits(parameterBits)
    if (parameter < 2 ** parameterBits - 1) reader.rice(parameter, out, at, count)
    else {
      const width = reader.bits(5)
      for (let i = at; i < at + count; i++) out[i] = width === 0 ? 0 : reader.signed(width)
    }
  }
}

/**
 * Adds the prediction from the samples before to each residual. The sums are whole numbers below 2^53, so
 * float64 holds them exactly.
 */
function predict(out: Float64Array, size: number, coefficients: Float64Array, shift: number): void {
  const order = coefficients.length
  const scale = 2 ** -shift
  for (let i = order; i < size; i++) {
    let sum = 0
    for (let j = 0; j < order; j++) sum += coefficients[j]! * out[i - 1 - j]!
    out[i] = out[i]! + Math.floor(sum * scale)
  }
}

/**
 * Uncompressed samples, as WAV and AIFF keep them: interleaved bytes to one float array a channel.
 *
 * Integers of b bits are divided by 2^(b−1), so full scale is [−1, 1) and a round trip through 16 bits is
 * exact. Samples of fewer valid bits are kept left-aligned in their bytes by both formats, so the
 * container's width is what counts.
 */
export type SampleCoding =
  | 'pcm_u8' | 'pcm_s8' | 'pcm_s16le' | 'pcm_s16be' | 'pcm_s24le' | 'pcm_s24be' | 'pcm_s32le' | 'pcm_s32be'
  | 'pcm_f32le' | 'pcm_f32be' | 'pcm_f64le' | 'pcm_f64be' | 'pcm_alaw' | 'pcm_mulaw'

interface Coding {
  /** Bytes of one sample. */
  readonly width: number
  read(view: DataView, offset: number): number
}

/** ITU-T G.711: 8 bits to a 13-bit (A-law) or 14-bit (µ-law) sample, given here at 16-bit scale. */
function alaw(code: number): number {
  const a = code ^ 0x55
  const exponent = (a >> 4) & 7
  const mantissa = ((a & 15) << 4) + 8
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1)
  return (a & 0x80) === 0 ? -magnitude : magnitude
}

function mulaw(code: number): number {
  const u = ~code & 0xff
  const magnitude = ((((u & 15) << 3) + 132) << ((u >> 4) & 7)) - 132
  return (u & 0x80) === 0 ? magnitude : -magnitude
}

const tableOf = (decode: (code: number) => number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, code) => decode(code) / 32768)

const ALAW = tableOf(alaw)
const MULAW = tableOf(mulaw)

export const SAMPLE_CODINGS: Readonly<Record<SampleCoding, Coding>> = {
  pcm_u8: { width: 1, read: (v, o) => (v.getUint8(o) - 128) / 128 },
  pcm_s8: { width: 1, read: (v, o) => v.getInt8(o) / 128 },
  pcm_s16le: { width: 2, read: (v, o) => v.getInt16(o, true) / 32768 },
  pcm_s16be: { width: 2, read: (v, o) => v.getInt16(o, false) / 32768 },
  pcm_s24le: { width: 3, read: (v, o) => ((v.getInt8(o + 2) << 16) | v.getUint16(o, true)) / 8388608 },
  pcm_s24be: { width: 3, read: (v, o) => ((v.getInt16(o, false) << 8) | v.getUint8(o + 2)) / 8388608 },
  pcm_s32le: { width: 4, read: (v, o) => v.getInt32(o, true) / 2147483648 },
  pcm_s32be: { width: 4, read: (v, o) => v.getInt32(o, false) / 2147483648 },
  pcm_f32le: { width: 4, read: (v, o) => v.getFloat32(o, true) },
  pcm_f32be: { width: 4, read: (v, o) => v.getFloat32(o, false) },
  pcm_f64le: { width: 8, read: (v, o) => v.getFloat64(o, true) },
  pcm_f64be: { width: 8, read: (v, o) => v.getFloat64(o, false) },
  pcm_alaw: { width: 1, read: (v, o) => ALAW[v.getUint8(o)]! },
  pcm_mulaw: { width: 1, read: (v, o) => MULAW[v.getUint8(o)]! },
}

/** Reads `frames` whole sample frames from the start of `bytes`. */
export function readSamples(
  bytes: Uint8Array,
  coding: SampleCoding,
  channelCount: number,
  frames: number,
): Float32Array<ArrayBuffer>[] {
  const { width, read } = SAMPLE_CODINGS[coding]
  const channels = Array.from({ length: channelCount }, () => new Float32Array(frames))
  if (coding === 'pcm_s16le' && LITTLE_ENDIAN && bytes.byteOffset % 2 === 0) {
    const words = new Int16Array(bytes.buffer, bytes.byteOffset, frames * channelCount)
    for (const [c, channel] of channels.entries())
      for (let i = 0, at = c; i < frames; i++, at += channelCount) channel[i] = words[at]! / 32768
    return channels
  }
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const step = width * channelCount
  for (const [c, channel] of channels.entries())
    for (let i = 0, at = c * width; i < frames; i++, at += step) channel[i] = read(data, at)
  return channels
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

export const isFloatCoding = (coding: string): boolean => coding.startsWith('pcm_f')

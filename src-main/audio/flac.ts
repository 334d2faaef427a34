import { EndOfBits } from './bit-reader.ts'
import { ascii, type ByteSource, view } from './byte-source.ts'
import { checkAmount, checkFormat, corrupt, empty, truncated } from './faults.ts'
import { decodeFrame, readFrameHeader } from './flac-frame.ts'
import { joinParts } from './join-parts.ts'
import type { AudioInfo, Pcm } from './pcm.ts'
import { skipId3 } from './sniff.ts'

/** STREAMINFO (RFC 9639, section 8.2), and where the frames start. */
interface FlacHeader {
  readonly sampleRate: number
  readonly channels: number
  readonly bits: number
  /** Null where the encoder did not know. */
  readonly frames: number | null
  readonly minBlockSize: number
  readonly maxBlockSize: number
  readonly audioOffset: number
}

function readHeader(source: ByteSource): FlacHeader {
  let offset = skipId3(source) + 4
  let header: Omit<FlacHeader, 'audioOffset'> | undefined
  for (let count = 0; count < 10_000; count++) {
    const head = source.read(offset, 4 + 34)
    if (head.length < 4) throw truncated('The file ends inside the FLAC header')
    const size = (head[1]! << 16) | (head[2]! << 8) | head[3]!
    if (count === 0) {
      if ((head[0]! & 127) !== 0 || size < 34) throw corrupt('The FLAC header does not start with its stream information')
      if (head.length < 38) throw truncated('The file ends inside the FLAC header')
      header = readStreamInfo(view(head.subarray(4)))
    }
    offset += 4 + size
    if (head[0]! >= 128) break
  }
  if (offset >= source.size) throw truncated('The FLAC file ends before its first block of sound')
  return { ...header!, audioOffset: offset }
}

function readStreamInfo(data: DataView): Omit<FlacHeader, 'audioOffset'> {
  const word = data.getUint32(10, false)
  const sampleRate = word >>> 12
  const channels = ((word >>> 9) & 7) + 1
  checkFormat(sampleRate, channels)
  const frames = (data.getUint8(13) & 15) * 2 ** 32 + data.getUint32(14, false)
  return {
    sampleRate,
    channels,
    bits: ((word >>> 4) & 31) + 1,
    frames: frames === 0 ? null : frames,
    minBlockSize: data.getUint16(0, false),
    maxBlockSize: data.getUint16(2, false),
  }
}

/**
 * Length from the header, checked against the last block at the end of the file: a file that was cut short
 * still has the length of the whole in its header.
 */
export function probeFlac(source: ByteSource): AudioInfo {
  const header = readHeader(source)
  const last = lastSample(source, header)
  if (header.frames !== null && last < header.frames) throw missing(header.frames - last, header)
  if (header.frames === null && last === 0) throw empty('The FLAC file holds no sound')
  const frames = header.frames ?? last
  return {
    container: 'flac',
    codec: 'flac',
    sampleRate: header.sampleRate,
    channels: header.channels,
    frames,
    durationSeconds: frames / header.sampleRate,
  }
}

const missing = (frames: number, { sampleRate }: FlacHeader) =>
  truncated(`The FLAC file ends early: ${frames} samples (${(frames / sampleRate).toFixed(2)} s) are missing or damaged`)

/** How many samples there are up to the end of the last block whose header stands near the end of the file. */
function lastSample(source: ByteSource, header: FlacHeader): number {
  for (const tail of [64 * 1024, 2 ** 20]) {
    const start = Math.max(header.audioOffset, source.size - tail)
    const bytes = source.read(start, source.size - start)
    for (let at = bytes.length - 6; at >= 0; at--) {
      const frame = bytes[at] === 0xff ? readFrameHeader(bytes, at) : undefined
      if (!frame || frame.channels !== header.channels) continue
      return (frame.variable ? frame.number : frame.number * header.maxBlockSize) + frame.blockSize
    }
    if (start === header.audioOffset) break
  }
  return 0
}

/** Decodes all blocks, each checked against its checksum, and the number of samples against the header's. */
export function decodeFlac(source: ByteSource): Pcm {
  const header = readHeader(source)
  const { sampleRate, channels: channelCount } = header
  const bytes = source.read(0, source.size)
  const block = Array.from({ length: channelCount }, () => new Float64Array(65_536))
  const parts: Float32Array<ArrayBuffer>[][] = []
  let decoded = 0
  let at = header.audioOffset
  while (at < bytes.length && !(header.frames !== null && decoded >= header.frames)) {
    const frame = readFrameHeader(bytes, at)
    if (!frame) {
      if (bytes.length - at < 16 || ascii(bytes, at, 3) === 'TAG') break
      throw corrupt(`The FLAC file is damaged after ${(decoded / sampleRate).toFixed(2)} s`)
    }
    const bits = frame.bits === 0 ? header.bits : frame.bits
    if (frame.channels !== channelCount || bits !== header.bits || (frame.sampleRate !== 0 && frame.sampleRate !== sampleRate))
      throw corrupt('The FLAC file changes its format midway')
    checkAmount(decoded + frame.blockSize, channelCount)
    try {
      at = decodeFrame(bytes, at, frame, bits, block)
    } catch (cause) {
      if (cause instanceof EndOfBits) break
      throw cause
    }
    const scale = 2 ** (1 - bits)
    parts.push(block.map((channel) => toFloat(channel, frame.blockSize, scale)))
    decoded += frame.blockSize
  }
  if (header.frames !== null && decoded < header.frames) throw missing(header.frames - decoded, header)
  if (decoded === 0) throw empty('The FLAC file holds no sound')
  return { sampleRate, channels: joinParts(parts, channelCount, header.frames ?? decoded) }
}

function toFloat(integers: Float64Array, count: number, scale: number): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(count)
  for (let i = 0; i < count; i++) floats[i] = integers[i]! * scale
  return floats
}

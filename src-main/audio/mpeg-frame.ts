import { ascii, type ByteSource, view } from './byte-source.ts'

/** The four bytes before each MPEG audio frame (ISO 11172-3, 13818-3, and the unofficial version 2.5). */
export interface MpegFrame {
  readonly layer: 1 | 2 | 3
  /** Hz. */
  readonly sampleRate: number
  readonly channels: number
  /** Of one channel. */
  readonly samples: number
  /** With its header, in bytes. */
  readonly size: number
  /** From the frame's start to where a Xing header would be. */
  readonly sideEnd: number
}

/** kbit/s by index, for version 1 layers 1 to 3 and version 2 layers 1 and 2 (layer 3 as 2). */
const BIT_RATES = [
  [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
]
const SAMPLE_RATES = [44_100, 48_000, 32_000]

/** Free-format frames, whose size is nowhere written, count as none: nobody makes them. */
export function readMpegFrame(head: Uint8Array): MpegFrame | undefined {
  if (head.length < 4 || head[0] !== 0xff || (head[1]! & 0xe0) !== 0xe0) return undefined
  const version = (head[1]! >> 3) & 3 // 3 is version 1, 2 is version 2, 0 is 2.5
  const layer = 4 - ((head[1]! >> 1) & 3)
  const rateIndex = (head[2]! >> 2) & 3
  const bitIndex = head[2]! >> 4
  if (version === 1 || layer === 4 || rateIndex === 3 || bitIndex === 0 || bitIndex === 15) return undefined
  const first = version === 3
  const bitRate = 1000 * BIT_RATES[first ? layer - 1 : layer === 1 ? 3 : 4]![bitIndex - 1]!
  const sampleRate = SAMPLE_RATES[rateIndex]! / (first ? 1 : version === 2 ? 2 : 4)
  const padding = (head[2]! >> 1) & 1
  const channels = head[3]! >> 6 === 3 ? 1 : 2
  const samples = layer === 1 ? 384 : layer === 3 && !first ? 576 : 1152
  const size =
    layer === 1 ? 4 * (Math.floor((12 * bitRate) / sampleRate) + padding) : Math.floor(((samples / 8) * bitRate) / sampleRate) + padding
  const side = first ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17
  return { layer: layer as 1 | 2 | 3, sampleRate, channels, samples, size, sideEnd: 4 + side }
}

/** What encoders leave in a first frame without sound: Xing or Info, with LAME's extension, or VBRI. */
export interface MpegSummary {
  readonly frames: number | null
  /** Of the whole stream, this frame included. */
  readonly bytes: number | null
  /** Samples that the encoder put before and after the sound; null where it does not say. */
  readonly delay: number | null
  readonly padding: number
}

export function readMpegSummary(source: ByteSource, offset: number, frame: MpegFrame): MpegSummary | undefined {
  const bytes = source.read(offset, Math.min(frame.size, 256))
  if (bytes.length < 60) return undefined
  const data = view(bytes)
  if (ascii(bytes, 36, 4) === 'VBRI')
    return { frames: data.getUint32(50, false), bytes: data.getUint32(46, false), delay: null, padding: 0 }
  const name = ascii(bytes, frame.sideEnd, 4)
  if (name !== 'Xing' && name !== 'Info') return undefined
  let at = frame.sideEnd + 8
  const flags = data.getUint32(frame.sideEnd + 4, false)
  const number = (): number => (at + 4 <= bytes.length ? data.getUint32((at += 4) - 4, false) : 0)
  const frames = flags & 1 ? number() : null
  const total = flags & 2 ? number() : null
  if (flags & 4) at += 100
  if (flags & 8) at += 4
  const lame = at + 24 <= bytes.length && /^(LAME|Lavc|Lavf|GOGO)/.test(ascii(bytes, at, 4))
  const delay = lame ? (bytes[at + 21]! << 4) | (bytes[at + 22]! >> 4) : null
  const padding = lame ? ((bytes[at + 22]! & 15) << 8) | bytes[at + 23]! : 0
  return { frames, bytes: total, delay, padding }
}

import { ascii, type ByteSource, view } from './byte-source.ts'
import { checkAmount, corrupt, empty, truncated, unsupported } from './faults.ts'
import { joinParts } from './join-parts.ts'
import { decodeMpeg } from './mp3-decoder.ts'
import { type MpegFrame, type MpegSummary, readMpegFrame, readMpegSummary } from './mpeg-frame.ts'
import type { AudioInfo, Pcm } from './pcm.ts'
import { skipId3 } from './sniff.ts'

/** Samples by which every layer III decoder lags; encoders count their delay without it. */
const DECODER_DELAY = 529

interface Mp3Header {
  readonly frame: MpegFrame
  readonly summary: MpegSummary | undefined
  /** First frame that holds sound. */
  readonly start: number
  /** After the last frame, before tags at the end of the file. */
  readonly end: number
}

function readHeader(source: ByteSource): Mp3Header {
  const end = source.size - trailingTags(source)
  // Some writers leave zeros after the tag.
  let offset = skipId3(source)
  const limit = Math.min(offset + 64 * 1024, end - 4)
  for (; offset <= limit; offset++) {
    const frame = readMpegFrame(source.read(offset, 4))
    if (!frame) continue
    const next = offset + frame.size
    if (next + 4 <= end && readMpegFrame(source.read(next, 4))?.sampleRate !== frame.sampleRate) continue
    if (frame.layer !== 3) throw unsupported(`The file holds MPEG audio of layer ${frame.layer}; of MPEG audio only layer 3, MP3, is read`)
    const summary = readMpegSummary(source, offset, frame)
    if (summary?.bytes && offset + summary.bytes > end + frame.size) {
      const lost = offset + summary.bytes - end
      throw truncated(`The MP3 file ends early: ${lost.toLocaleString('en')} of ${summary.bytes.toLocaleString('en')} bytes are missing`)
    }
    return { frame, summary, start: summary ? next : offset, end }
  }
  throw unsupported('The file is not of a kind of sound that can be read', 'Check that it is the file you meant; sound of another kind can be converted to WAV.')
}

/** Bytes of ID3v1, Lyrics3 and APE tags at the end. */
function trailingTags(source: ByteSource): number {
  let size = source.size >= 128 && ascii(source.read(source.size - 128, 3), 0, 3) === 'TAG' ? 128 : 0
  const footer = source.read(Math.max(0, source.size - size - 32), 32)
  if (footer.length === 32 && ascii(footer, 0, 8) === 'APETAGEX')
    size += view(footer).getUint32(12, true) + (footer[23]! & 0x80 ? 32 : 0)
  return Math.min(size, source.size)
}

const soundLength = ({ frame, summary }: Mp3Header, frames: number): number =>
  frames * frame.samples - (summary?.delay === null || summary === undefined ? 0 : summary.delay + summary.padding)

/** Length from the encoder's summary where there is one, else by walking from frame header to frame header. */
export function probeMp3(source: ByteSource): AudioInfo {
  const header = readHeader(source)
  const count = header.summary?.frames ?? walkFrames(source, header).count
  const frames = soundLength(header, count)
  if (frames <= 0) throw empty('The MP3 file holds no sound')
  const { sampleRate, channels } = header.frame
  return { container: 'mp3', codec: 'mp3', sampleRate, channels, frames, durationSeconds: frames / sampleRate }
}

interface FrameWalk {
  readonly count: number
  /** After the last frame that is whole. */
  readonly end: number
  /** Bytes between frames that belong to none. */
  readonly strayBytes: number
  readonly changesFormat: boolean
}

function walkFrames(source: ByteSource, { start, end, frame: first }: Mp3Header): FrameWalk {
  let count = 0
  let strayBytes = 0
  let changesFormat = false
  let last = start
  for (let offset = start; offset + 4 <= end; ) {
    const frame = readMpegFrame(source.read(offset, 4))
    if (frame?.layer !== 3) {
      strayBytes++
      offset++
      continue
    }
    if (offset + frame.size > end) break
    changesFormat ||= frame.sampleRate !== first.sampleRate || frame.channels !== first.channels
    count++
    offset += frame.size
    last = offset
  }
  return { count, end: last, strayBytes, changesFormat }
}

/** Frames at a cut beginning that may lack bits which earlier frames carried. */
const RESERVOIR_FRAMES = 10

/**
 * Decodes all frames and cuts what the encoder says that it added. Bytes between frames that are no frame
 * are passed over as all players do, up to a hundredth of the file.
 */
export function decodeMp3(source: ByteSource): Pcm {
  const header = readHeader(source)
  const { start, end, summary, frame } = header
  const { sampleRate, channels: channelCount } = frame
  const walk = walkFrames(source, header)
  if (walk.strayBytes > (end - start) / 100)
    throw corrupt(`The MP3 file is damaged: ${walk.strayBytes.toLocaleString('en')} of its bytes are not sound`)
  if (walk.changesFormat) throw corrupt('The MP3 file changes its format midway')
  checkAmount(walk.count * frame.samples, channelCount)
  const parts: Float32Array<ArrayBuffer>[][] = []
  let decoded = 0
  for (const piece of decodeMpeg(source.read(start, walk.end - start))) {
    if (piece.sampleRate !== sampleRate || piece.channels.length !== channelCount)
      throw corrupt('The MP3 file changes its format midway')
    parts.push(piece.channels)
    decoded += piece.channels[0]!.length
    checkAmount(decoded, channelCount)
  }
  const frames = Math.floor(decoded / frame.samples)
  if (frames === 0) throw empty('The MP3 file holds no sound')
  if (summary?.frames && frames < summary.frames - 1)
    throw truncated(`The MP3 file ends early: ${summary.frames - frames} of its ${summary.frames} frames are missing or damaged`)
  if (frames < walk.count - RESERVOIR_FRAMES)
    throw corrupt(`The MP3 file is damaged: ${walk.count - frames} of its ${walk.count} frames cannot be decoded`)
  const skip = summary?.delay === null || summary === undefined ? 0 : summary.delay + DECODER_DELAY
  const total = soundLength(header, summary?.frames ?? frames)
  if (total <= 0) throw empty('The MP3 file holds no sound')
  return { sampleRate, channels: joinParts(parts, channelCount, total, skip) }
}

import type { ByteSource } from './byte-source.ts'
import { corrupt, empty } from './faults.ts'
import { decodeWithFfmpeg } from './ffmpeg.ts'
import { decodeOpusPackets, OPUS_RATE, opusPacketLength, readOpusHead } from './opus-stream.ts'
import type { AudioInfo, Pcm } from './pcm.ts'
import { readWebm, type Webm } from './webm.ts'

/** Opus in blocks of one packet is decoded here (every browser's recorder writes that), the rest by ffmpeg. */
export const isOwnWebm = ({ track, laced }: Webm): boolean => track.codec === 'A_OPUS' && !laced

/** Samples at 48 kHz up to the end of the sound, the pre-skip included. */
function endOf(source: ByteSource, webm: Webm): number {
  let total = 0
  for (const { offset, size } of webm.packets) total += opusPacketLength(source.read(offset, Math.min(size, 2)))
  return total - Math.max(0, Math.round((webm.discardPadding * OPUS_RATE) / 1e9))
}

/** A live recording has no length in its header: for Opus the packets' own lengths are added up. */
export function probeWebm(source: ByteSource): AudioInfo {
  const webm = readWebm(source)
  const { track, durationSeconds } = webm
  if (webm.packets.length === 0) throw empty('The WebM file holds no sound')
  if (!isOwnWebm(webm)) {
    const codec = track.codec.replace(/^A_/, '').toLowerCase()
    const frames = durationSeconds === null ? null : Math.round(durationSeconds * track.sampleRate)
    return { container: 'webm', codec, sampleRate: track.sampleRate, channels: track.channels, frames, durationSeconds }
  }
  const head = readOpusHead(track.codecPrivate)
  const frames = endOf(source, webm) - head.preSkip
  if (frames <= 0) throw empty('The WebM file holds no sound')
  return { container: 'webm', codec: 'opus', sampleRate: OPUS_RATE, channels: head.channels, frames, durationSeconds: frames / OPUS_RATE }
}

export async function decodeWebm(source: ByteSource): Promise<Pcm> {
  const webm = readWebm(source)
  if (webm.packets.length === 0) throw empty('The WebM file holds no sound')
  if (!isOwnWebm(webm)) return await decodeWithFfmpeg(source, 'matroska', `WebM with ${webm.track.codec.replace(/^A_/, '')}`)
  const head = readOpusHead(webm.track.codecPrivate)
  const packets = webm.packets.map(({ offset, size }) => source.read(offset, size).slice())
  if (packets.some((p) => p.length === 0)) throw corrupt('The WebM file holds an empty block')
  return await decodeOpusPackets(head, packets, endOf(source, webm))
}

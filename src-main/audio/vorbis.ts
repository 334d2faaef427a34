import { ascii, type ByteSource, view } from './byte-source.ts'
import { checkAmount, checkFormat, corrupt, empty, truncated } from './faults.ts'
import { joinParts } from './join-parts.ts'
import { type OggPage, readOggEnd, readOggIdentification, walkOggPackets, walkOggPages } from './ogg.ts'
import type { AudioInfo, Pcm } from './pcm.ts'
import { createVorbisDecoder } from './vorbis-decoder.ts'

export const isVorbis = (packet: Uint8Array): boolean => packet[0] === 1 && ascii(packet, 1, 6) === 'vorbis'

function readFormat(packet: Uint8Array): { sampleRate: number; channels: number } {
  if (packet.length < 30) throw corrupt('The Vorbis header is too short')
  const format = { channels: packet[11]!, sampleRate: view(packet).getUint32(12, true) }
  checkFormat(format.sampleRate, format.channels)
  return format
}

export function probeVorbis(source: ByteSource): AudioInfo {
  const { packet, serial } = readOggIdentification(source, 0)
  const format = readFormat(packet)
  const frames = readOggEnd(source, serial)
  if (frames <= 0) throw empty('The Vorbis file holds no sound')
  return { container: 'ogg', codec: 'vorbis', ...format, frames, durationSeconds: frames / format.sampleRate }
}

/** The pages are checked here, the packets are decoded by libvorbis, and the number of samples is compared. */
export async function decodeVorbis(source: ByteSource): Promise<Pcm> {
  const { packet: identification, serial } = readOggIdentification(source, 0)
  const { sampleRate, channels: channelCount } = readFormat(identification)
  let total = 0
  const pages = function* (): Generator<OggPage> {
    for (const page of walkOggPages(source, 0, serial)) {
      if (page.granule > total) total = page.granule
      yield { ...page, bytes: page.bytes.slice() }
    }
  }
  const packets = [...walkOggPackets(pages())]
  if (total <= 0) throw empty('The Vorbis file holds no sound')
  checkAmount(total, channelCount)
  const decoder = await createVorbisDecoder()
  for (const packet of packets.slice(0, 3)) if (!decoder.header(packet)) throw corrupt('The Vorbis header is damaged')
  const { format } = decoder
  if (format?.channels !== channelCount || format.rate !== sampleRate) throw corrupt('The Vorbis header is damaged')
  const parts: Float32Array<ArrayBuffer>[][] = []
  let decoded = 0
  for (const packet of packets.slice(3)) {
    const part = decoder.audio(packet)
    if (!part) throw corrupt(`The Vorbis file is damaged after ${(decoded / sampleRate).toFixed(2)} s`)
    if (part.length < channelCount) continue
    parts.push(part)
    decoded += part[0]!.length
    checkAmount(decoded, channelCount)
  }
  if (decoded < total) throw truncated(`The Vorbis file ends early: ${total - decoded} samples are missing`)
  return { sampleRate, channels: joinParts(parts, channelCount, total) }
}

import type { ByteSource } from './byte-source.ts'
import { empty } from './faults.ts'
import { type OggPage, readOggEnd, readOggIdentification, walkOggPackets, walkOggPages } from './ogg.ts'
import { decodeOpusPackets, OPUS_RATE, readOpusHead } from './opus-stream.ts'
import type { AudioInfo, Pcm } from './pcm.ts'

export function probeOggOpus(source: ByteSource): AudioInfo {
  const { packet, serial } = readOggIdentification(source, 0)
  const head = readOpusHead(packet)
  const frames = readOggEnd(source, serial) - head.preSkip
  if (frames <= 0) throw empty('The Opus file holds no sound')
  return { container: 'ogg', codec: 'opus', sampleRate: OPUS_RATE, channels: head.channels, frames, durationSeconds: frames / OPUS_RATE }
}

export async function decodeOggOpus(source: ByteSource): Promise<Pcm> {
  const { packet, serial } = readOggIdentification(source, 0)
  const head = readOpusHead(packet)
  let end = 0
  const counted = function* (): Generator<OggPage> {
    for (const page of walkOggPages(source, 0, serial)) {
      if (page.granule > end) end = page.granule
      yield { ...page, bytes: page.bytes.slice() }
    }
  }
  // The first two packets are the header and the comments.
  const packets = [...walkOggPackets(counted())].slice(2)
  return await decodeOpusPackets(head, packets, end)
}

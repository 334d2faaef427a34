import { ascii, view } from './byte-source.ts'
import { checkAmount, checkFormat, corrupt, empty, truncated, unsupported } from './faults.ts'
import { joinParts } from './join-parts.ts'
import type { Pcm } from './pcm.ts'

/** Opus always decodes to 48 kHz here, and counts its positions so. */
export const OPUS_RATE = 48_000

/** The identification header (RFC 7845, section 5.1), which WebM keeps too. */
export interface OpusHead {
  readonly channels: number
  /** Samples at 48 kHz that the decoder needs to settle, to be left out. */
  readonly preSkip: number
  /** To be multiplied with. */
  readonly gain: number
  readonly streams: number
  readonly coupled: number
  readonly mapping: readonly number[]
}

export const isOpus = (packet: Uint8Array): boolean => ascii(packet, 0, 8) === 'OpusHead'

export function readOpusHead(packet: Uint8Array): OpusHead {
  if (!isOpus(packet) || packet.length < 19) throw corrupt('The Opus header is damaged')
  if (packet[8]! > 15) throw unsupported(`The Opus stream is of version ${packet[8]}, which is not known`)
  const data = view(packet)
  const channels = packet[9]!
  checkFormat(OPUS_RATE, channels)
  const common = { channels, preSkip: data.getUint16(10, true), gain: 10 ** (data.getInt16(16, true) / 256 / 20) }
  if (packet[18] === 0) {
    if (channels > 2) throw corrupt('The Opus header contradicts itself')
    return { ...common, streams: 1, coupled: channels - 1, mapping: channels === 2 ? [0, 1] : [0] }
  }
  const [streams, coupled] = [packet[19] ?? 0, packet[20] ?? 0]
  const mapping = [...packet.subarray(21, 21 + channels)]
  if (mapping.length < channels || streams < 1 || coupled > streams || mapping.some((m) => m !== 255 && m >= streams + coupled))
    throw corrupt('The Opus header contradicts itself')
  return { ...common, streams, coupled, mapping }
}

/**
 * Samples at 48 kHz in a packet, by its first bytes (RFC 6716, section 3.1); 0 where it has none.
 */
export function opusPacketLength(packet: Uint8Array): number {
  if (packet.length === 0) return 0
  const config = packet[0]! >> 3
  const size =
    config < 12 ? [480, 960, 1920, 2880][config & 3]!
    : config < 16 ? [480, 960][config & 1]!
    : [120, 240, 480, 960][config & 3]!
  const code = packet[0]! & 3
  const count = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63
  return size * count
}

/**
 * Decodes the packets of a stream. `end` is where it ends, in samples before the pre-skip is taken off;
 * null keeps all that is decoded.
 */
export async function decodeOpusPackets(head: OpusHead, packets: Iterable<Uint8Array>, end: number | null): Promise<Pcm> {
  // Loaded when the first Opus file comes: most libraries have none.
  const { OpusDecoder } = await import('opus-decoder')
  const decoder = new OpusDecoder({
    channels: head.channels,
    streamCount: head.streams,
    coupledStreamCount: head.coupled,
    channelMappingTable: [...head.mapping],
    preSkip: 0,
  })
  await decoder.ready
  try {
    const parts: Float32Array[][] = []
    let decoded = 0
    for (const packet of packets) {
      checkAmount(decoded + opusPacketLength(packet), head.channels)
      const { channelData, samplesDecoded, errors } = decoder.decodeFrame(packet)
      if (errors.length > 0 || channelData.length < head.channels)
        throw corrupt(`The Opus stream is damaged after ${(decoded / OPUS_RATE).toFixed(2)} s`)
      parts.push(channelData)
      decoded += samplesDecoded
    }
    if (end !== null && decoded < end)
      throw truncated(`The Opus stream ends early: ${((end - decoded) / OPUS_RATE).toFixed(2)} s are missing`)
    const frames = (end ?? decoded) - head.preSkip
    if (frames <= 0) throw empty('The Opus stream holds no sound')
    const channels = joinParts(parts, head.channels, frames, head.preSkip)
    if (head.gain !== 1) for (const channel of channels) for (let i = 0; i < frames; i++) channel[i] = channel[i]! * head.gain
    return { sampleRate: OPUS_RATE, channels }
  } finally {
    decoder.free()
  }
}

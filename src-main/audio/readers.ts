import { probeAdts } from './adts.ts'
import { readAiffHeader } from './aiff.ts'
import type { ByteSource } from './byte-source.ts'
import { truncated, unsupported } from './faults.ts'
import { decodeWithFfmpeg, requireFfmpeg } from './ffmpeg.ts'
import { decodeFlac, probeFlac } from './flac.ts'
import { decodeMp3, probeMp3 } from './mp3.ts'
import { probeMp4 } from './mp4.ts'
import { decodeOggOpus, probeOggOpus } from './ogg-opus.ts'
import { readOggIdentification } from './ogg.ts'
import { isOpus } from './opus-stream.ts'
import type { AudioInfo, Container, Pcm } from './pcm.ts'
import { checkFinite, layoutInfo, readPcm } from './pcm-layout.ts'
import { isFloatCoding } from './sample-codings.ts'
import { sniffContainer } from './sniff.ts'
import { decodeVorbis, isVorbis, probeVorbis } from './vorbis.ts'
import { readWavHeader } from './wav.ts'
import { decodeWebm, probeWebm } from './webm-opus.ts'

/** A span in samples at the file's own rate: [start, end), cut to what there is. */
export interface Span {
  readonly start?: number | undefined
  readonly end?: number | undefined
}

/** One container. The functions throw an `AppError` without the file's name. */
interface Reader {
  probe(source: ByteSource): AudioInfo
  decode(source: ByteSource, span: Span): Pcm | Promise<Pcm>
}

const cut = ({ sampleRate, channels }: Pcm, { start, end }: Span): Pcm => ({
  sampleRate,
  channels: start === undefined && end === undefined ? channels : channels.map((c) => c.slice(start ?? 0, end)),
})

const READERS: Readonly<Record<Container, Reader>> = {
  wav: {
    probe: (source) => layoutInfo(readWavHeader(source)),
    decode: (source, { start, end }) => readPcm(source, readWavHeader(source), start, end),
  },
  aiff: {
    probe: (source) => layoutInfo(readAiffHeader(source)),
    decode: (source, { start, end }) => readPcm(source, readAiffHeader(source), start, end),
  },
  flac: { probe: probeFlac, decode: (source, span) => cut(decodeFlac(source), span) },
  mp3: { probe: probeMp3, decode: (source, span) => cut(decodeMp3(source), span) },
  ogg: {
    probe: (source) => oggReader(source).probe(source),
    decode: async (source, span) => cut(await oggReader(source).decode(source), span),
  },
  webm: { probe: probeWebm, decode: async (source, span) => cut(await decodeWebm(source), span) },
  mp4: { probe: probeMp4, decode: async (source, span) => cut(await decodeForeign(source, probeMp4, 'mov', 'M4A'), span) },
  adts: { probe: probeAdts, decode: async (source, span) => cut(await decodeForeign(source, probeAdts, 'aac', 'AAC'), span) },
}

function oggReader(source: ByteSource): { probe(source: ByteSource): AudioInfo; decode(source: ByteSource): Pcm | Promise<Pcm> } {
  const { packet } = readOggIdentification(source, 0)
  if (isOpus(packet)) return { probe: probeOggOpus, decode: decodeOggOpus }
  if (isVorbis(packet)) return { probe: probeVorbis, decode: decodeVorbis }
  throw unsupported('The Ogg file holds neither Vorbis nor Opus')
}

/** The header is checked first, and the length afterwards: ffmpeg decodes what it finds and says little. */
async function decodeForeign(source: ByteSource, probe: Reader['probe'], demuxer: 'mov' | 'aac', what: string): Promise<Pcm> {
  const info = probe(source)
  const pcm = await decodeWithFfmpeg(source, demuxer, what)
  const lost = (info.durationSeconds ?? 0) - pcm.channels[0]!.length / pcm.sampleRate
  if (lost > 0.25) throw truncated(`The ${what} file ends early: ${lost.toFixed(2)} s of sound are missing or damaged`)
  return pcm
}

export const probeSource = (source: ByteSource): AudioInfo => READERS[sniffContainer(source)].probe(source)

/** Decoders of floats can be led to NaN by damaged bits, so every result is looked at once. */
export async function decodeSource(source: ByteSource, span: Span = {}): Promise<Pcm> {
  const pcm = await READERS[sniffContainer(source)].decode(source, span)
  checkFinite(pcm.channels)
  return pcm
}

/**
 * What an import wants to know beyond the header: float samples that are not numbers, and sound that could
 * never be decoded on this machine.
 */
export function checkContent(source: ByteSource, info: AudioInfo): void {
  if (info.container === 'mp4' || info.container === 'adts') requireFfmpeg(info.container === 'mp4' ? 'M4A' : 'AAC')
  if (info.container === 'webm' && info.codec !== 'opus') requireFfmpeg(`WebM with ${info.codec}`)
  if (!isFloatCoding(info.codec)) return
  const layout = info.container === 'aiff' ? readAiffHeader(source) : readWavHeader(source)
  const piece = 2 ** 20
  for (let start = 0; start < layout.frames; start += piece) checkFinite(readPcm(source, layout, start, start + piece).channels)
}

import { readAiffHeader } from './aiff.ts'
import type { ByteSource } from './byte-source.ts'
import { unsupported } from './faults.ts'
import type { AudioInfo, Container, Pcm } from './pcm.ts'
import { layoutInfo, readPcm } from './pcm-layout.ts'
import { isFloatCoding } from './sample-codings.ts'
import { sniffContainer } from './sniff.ts'
import { readWavHeader } from './wav.ts'

/** A span in samples at the file's own rate: [start, end), cut to what there is. */
export interface Span {
  readonly start?: number | undefined
  readonly end?: number | undefined
}

/** One container: both functions throw an `AppError` without the file's name. */
export interface Reader {
  probe(source: ByteSource): AudioInfo
  decode(source: ByteSource, span: Span): Pcm | Promise<Pcm>
}

const READERS: Partial<Readonly<Record<Container, Reader>>> = {
  wav: {
    probe: (source) => layoutInfo(readWavHeader(source)),
    decode: (source, { start, end }) => readPcm(source, readWavHeader(source), start, end),
  },
  aiff: {
    probe: (source) => layoutInfo(readAiffHeader(source)),
    decode: (source, { start, end }) => readPcm(source, readAiffHeader(source), start, end),
  },
}

function readerOf(source: ByteSource): Reader {
  const container = sniffContainer(source)
  const reader = READERS[container]
  if (!reader) throw unsupported(`Sound of the kind ${container} is not read yet`)
  return reader
}

export const probeSource = (source: ByteSource): AudioInfo => readerOf(source).probe(source)

export const decodeSource = async (source: ByteSource, span: Span = {}): Promise<Pcm> =>
  await readerOf(source).decode(source, span)

/** Looks at the samples themselves where that is cheap and tells something: floats that are not numbers. */
export function checkSamples(source: ByteSource, info: AudioInfo): void {
  if (!isFloatCoding(info.codec) || info.frames === null) return
  const layout = info.container === 'aiff' ? readAiffHeader(source) : readWavHeader(source)
  const piece = 2 ** 20
  for (let start = 0; start < layout.frames; start += piece) readPcm(source, layout, start, start + piece)
}

import { type ByteSource, view } from './byte-source.ts'
import { walkChunks } from './chunks.ts'
import { checkFormat, corrupt, empty, truncated, unsupported } from './faults.ts'
import { checkWhole, type PcmLayout } from './pcm-layout.ts'
import { SAMPLE_CODINGS, type SampleCoding } from './sample-codings.ts'

/** Format tags of the `fmt ` chunk that are known by name; the first four are read. */
const PCM = 1
const FLOAT = 3
const ALAW = 6
const MULAW = 7
const EXTENSIBLE = 0xfffe
const FOREIGN: Readonly<Record<number, string>> = {
  0x0002: 'Microsoft ADPCM', 0x0011: 'IMA ADPCM', 0x0031: 'GSM 6.10', 0x0050: 'MPEG layer 2',
  0x0055: 'MP3', 0x0161: 'Windows Media Audio', 0x00ff: 'AAC', 0x2000: 'AC-3',
}

/** A writer that streams cannot know the size and leaves 0, all ones, or (SoX) a little under 2 GiB. */
const STREAMING_SIZE = 0x7ffff000

interface Format {
  readonly coding: SampleCoding
  readonly sampleRate: number
  readonly channels: number
}

/**
 * Reads the header of a WAV file: RIFF, and RF64 or BW64 with 64-bit sizes in `ds64`. Throws what is wrong:
 * a format that is not read, sizes that do not fit the file, no samples.
 */
export function readWavHeader(source: ByteSource): PcmLayout {
  const head = source.read(0, 12)
  if (head.length < 12) throw truncated('The file ends inside the WAV header')
  const wide = head[1] !== 0x49 // RF64 or BW64, not RIFF
  const riffSize = view(head).getUint32(4, true)
  let format: Format | undefined
  let wideDataSize: number | undefined
  for (const chunk of walkChunks(source, 12, true)) {
    if (chunk.name === 'fmt ') format = readFormat(source.read(chunk.offset, Math.min(chunk.size, 64)))
    else if (chunk.name === 'ds64' && wide) {
      const body = source.read(chunk.offset, 24)
      if (body.length < 24) throw truncated('The file ends inside the ds64 chunk')
      wideDataSize = Number(view(body).getBigUint64(8, true))
    } else if (chunk.name === 'data') {
      if (!format) throw corrupt('The WAV header has samples before their format')
      const size = wide && chunk.size === 0xffffffff ? wideDataSize : chunk.size
      return layoutOf(source, format, chunk.offset, size, riffSize)
    }
  }
  if (!format) throw truncated('The WAV header ends before it says what the samples are')
  throw truncated('The WAV header is not followed by samples (no data chunk)')
}

function layoutOf(
  source: ByteSource,
  format: Format,
  dataOffset: number,
  size: number | undefined,
  riffSize: number,
): PcmLayout {
  const layout = { container: 'wav', ...format, dataOffset } as const
  const step = SAMPLE_CODINGS[format.coding].width * format.channels
  const unknownRiff = riffSize === 0 || riffSize >= STREAMING_SIZE || riffSize + 8 <= dataOffset
  const streaming =
    size === undefined || (unknownRiff && (size === 0 || (size >= STREAMING_SIZE && dataOffset + size > source.size)))
  const dataBytes = streaming ? source.size - dataOffset : size
  checkWhole(source, layout, dataOffset + dataBytes)
  const frames = Math.floor(dataBytes / step)
  if (frames === 0) throw empty('The WAV file has a header and no samples')
  return { ...layout, frames }
}

function readFormat(body: Uint8Array): Format {
  if (body.length < 16) throw truncated('The format chunk of the WAV header is too short')
  const data = view(body)
  const channels = data.getUint16(2, true)
  const sampleRate = data.getUint32(4, true)
  const blockAlign = data.getUint16(12, true)
  let tag = data.getUint16(0, true)
  if (tag === EXTENSIBLE) {
    if (body.length < 26) throw truncated('The extensible format chunk of the WAV header is too short')
    tag = data.getUint16(24, true)
  }
  checkFormat(sampleRate, channels)
  const coding = codingOf(tag, data.getUint16(14, true), blockAlign / channels)
  if (SAMPLE_CODINGS[coding].width * channels !== blockAlign)
    throw corrupt(`The WAV header contradicts itself: ${channels} channels of ${coding} in frames of ${blockAlign} bytes`)
  return { coding, sampleRate, channels }
}

/** `width` is the bytes that a sample occupies, which may be more than its valid bits need. */
function codingOf(tag: number, bits: number, width: number): SampleCoding {
  if (tag === ALAW) return 'pcm_alaw'
  if (tag === MULAW) return 'pcm_mulaw'
  if (tag === FLOAT && bits === 32) return 'pcm_f32le'
  if (tag === FLOAT && bits === 64) return 'pcm_f64le'
  if (tag === PCM && bits >= 1 && bits <= 8 * width) {
    if (width === 1) return 'pcm_u8'
    if (width === 2) return 'pcm_s16le'
    if (width === 3) return 'pcm_s24le'
    if (width === 4) return 'pcm_s32le'
  }
  if (tag === PCM || tag === FLOAT)
    throw corrupt(`The WAV header gives ${bits}-bit ${tag === PCM ? 'integers' : 'floats'} in ${width} bytes`)
  throw unsupported(`The WAV file holds ${FOREIGN[tag] ?? `an unknown coding (tag 0x${tag.toString(16)})`}`)
}

import { ascii, type ByteSource, view } from './byte-source.ts'
import { walkChunks } from './chunks.ts'
import { checkFormat, corrupt, empty, truncated, unsupported } from './faults.ts'
import { checkWhole, type PcmLayout } from './pcm-layout.ts'
import { SAMPLE_CODINGS, type SampleCoding } from './sample-codings.ts'

interface Common {
  readonly coding: SampleCoding
  readonly sampleRate: number
  readonly channels: number
  readonly frames: number
}

/** Reads the header of an AIFF or AIFF-C file. Throws what is wrong. */
export function readAiffHeader(source: ByteSource): PcmLayout {
  const compressed = ascii(source.read(8, 4), 0, 4) === 'AIFC'
  let common: Common | undefined
  let sound: { offset: number; end: number } | undefined
  for (const chunk of walkChunks(source, 12, false)) {
    if (chunk.name === 'COMM') common = readCommon(source.read(chunk.offset, Math.min(chunk.size, 64)), compressed)
    else if (chunk.name === 'SSND') {
      const body = source.read(chunk.offset, 8)
      if (body.length < 8) throw truncated('The file ends inside the header of its samples')
      sound = { offset: chunk.offset + 8 + view(body).getUint32(0, false), end: chunk.offset + chunk.size }
    }
    if (common && sound) break
  }
  if (!common) throw truncated('The AIFF header ends before it says what the samples are (no COMM chunk)')
  if (common.frames === 0) throw empty('The AIFF file has a header and no samples')
  if (!sound) throw truncated('The AIFF header is not followed by samples (no SSND chunk)')
  const layout = { container: 'aiff', ...common, dataOffset: sound.offset } as const
  const end = sound.offset + common.frames * common.channels * SAMPLE_CODINGS[common.coding].width
  checkWhole(source, layout, end)
  if (end > sound.end) throw corrupt('The AIFF header promises more samples than the chunk that holds them')
  return layout
}

function readCommon(body: Uint8Array, compressed: boolean): Common {
  if (body.length < (compressed ? 22 : 18)) throw truncated('The COMM chunk of the AIFF header is too short')
  const data = view(body)
  const channels = data.getUint16(0, false)
  const bits = data.getUint16(6, false)
  const sampleRate = Math.round(readExtended(data, 8))
  checkFormat(sampleRate, channels)
  const coding = compressed ? compressedCoding(ascii(body, 18, 4), bits) : integerCoding(bits)
  return { coding, sampleRate, channels, frames: data.getUint32(2, false) }
}

/** IEEE 754 80-bit extended: sign and 15-bit exponent, then 64 bits of mantissa with its leading one. */
function readExtended(data: DataView, offset: number): number {
  const head = data.getUint16(offset, false)
  const mantissa = data.getUint32(offset + 2, false) * 2 ** 32 + data.getUint32(offset + 6, false)
  return (head & 0x8000 ? -1 : 1) * mantissa * 2 ** ((head & 0x7fff) - 16383 - 63)
}

function integerCoding(bits: number): SampleCoding {
  const coding = (['pcm_s8', 'pcm_s16be', 'pcm_s24be', 'pcm_s32be'] as const)[Math.ceil(bits / 8) - 1]
  if (!coding) throw corrupt(`The AIFF header gives samples of ${bits} bits`)
  return coding
}

function compressedCoding(name: string, bits: number): SampleCoding {
  switch (name.toLowerCase()) {
    case 'none':
    case 'twos':
      return integerCoding(bits)
    case 'sowt':
      return bits <= 8 ? 'pcm_s8' : bits <= 16 ? 'pcm_s16le' : bits <= 24 ? 'pcm_s24le' : 'pcm_s32le'
    case 'raw ':
      return 'pcm_u8'
    case 'in24':
      return 'pcm_s24be'
    case 'in32':
      return 'pcm_s32be'
    case 'fl32':
      return 'pcm_f32be'
    case 'fl64':
      return 'pcm_f64be'
    case 'alaw':
      return 'pcm_alaw'
    case 'ulaw':
      return 'pcm_mulaw'
    default:
      throw unsupported(`The AIFF file holds a compressed sound of the kind ${JSON.stringify(name)}`)
  }
}

/** Writers of uncompressed files for tests: every variant that the parsers claim to read, and broken ones. */

export type Bytes = Uint8Array<ArrayBuffer>

export const join = (...parts: readonly (Uint8Array | number[])[]): Bytes => Uint8Array.from(parts.flatMap((p) => [...p]))
export const text = (s: string): Bytes => Uint8Array.from(s, (c) => c.charCodeAt(0))
const number = (value: number | bigint, width: number, little: boolean): Bytes => {
  const bytes = new Uint8Array(width)
  let rest = BigInt(value)
  for (let i = 0; i < width; i++) {
    bytes[little ? i : width - 1 - i] = Number(rest & 255n)
    rest >>= 8n
  }
  return bytes
}
export const le = (value: number | bigint, width: number): Bytes => number(value, width, true)
export const be = (value: number | bigint, width: number): Bytes => number(value, width, false)

export const chunk = (name: string, body: Uint8Array, size = body.length): Bytes =>
  join(text(name), le(size, 4), body, body.length % 2 === 1 ? [0] : [])

export interface WavShape {
  readonly tag?: number
  readonly channels?: number
  readonly sampleRate?: number
  readonly bits?: number
  /** Bytes of a sample; bits/8 unless told. */
  readonly width?: number
  readonly extensible?: boolean
  readonly before?: Uint8Array
  readonly after?: Uint8Array
  readonly riffSize?: number
  readonly dataSize?: number
  readonly ds64?: boolean
}

/** A WAV file around sample bytes that are already coded. */
export function wavFile(data: Uint8Array, shape: WavShape = {}): Bytes {
  const { tag = 1, channels = 1, sampleRate = 8000, bits = 16, extensible = false } = shape
  const width = shape.width ?? bits / 8
  const guid = [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]
  const format = join(
    le(extensible ? 0xfffe : tag, 2),
    le(channels, 2),
    le(sampleRate, 4),
    le(sampleRate * channels * width, 4),
    le(channels * width, 2),
    le(extensible ? 8 * width : bits, 2),
    extensible ? join(le(22, 2), le(bits, 2), le(0, 4), le(tag, 2), guid) : [],
  )
  const wide = shape.ds64 === true ? join(le(0, 8), le(data.length, 8), le(0, 8), le(0, 4)) : undefined
  const body = join(
    text('WAVE'),
    wide ? chunk('ds64', wide) : [],
    chunk('fmt ', format),
    shape.before ?? [],
    chunk('data', data, wide ? 0xffffffff : (shape.dataSize ?? data.length)),
    shape.after ?? [],
  )
  return join(text(wide ? 'RF64' : 'RIFF'), le(wide ? 0xffffffff : (shape.riffSize ?? body.length), 4), body)
}

export interface AiffShape {
  readonly compression?: string
  readonly channels?: number
  readonly sampleRate?: number
  readonly bits?: number
  readonly frames: number
}

/** An AIFF file, or AIFF-C where a compression is named, around sample bytes that are already coded. */
export function aiffFile(data: Uint8Array, shape: AiffShape): Bytes {
  const { compression, channels = 1, sampleRate = 8000, bits = 16, frames } = shape
  const exponent = sampleRate === 0 ? 0 : Math.floor(Math.log2(sampleRate))
  const rate = sampleRate === 0 ? be(0, 10) : join(be(16383 + exponent, 2), be(BigInt(sampleRate) << BigInt(63 - exponent), 8))
  const aiffChunk = (name: string, body: Bytes) =>
    join(text(name), be(body.length, 4), body, body.length % 2 === 1 ? [0] : [])
  const common = join(be(channels, 2), be(frames, 4), be(bits, 2), rate, compression === undefined ? [] : join(text(compression), [0, 0]))
  const body = join(
    text(compression === undefined ? 'AIFF' : 'AIFC'),
    aiffChunk('COMM', common),
    aiffChunk('SSND', join(be(0, 8), data)),
  )
  return join(text('FORM'), be(body.length, 4), body)
}

/** Codes samples in [−1, 1) as integers or floats of a width, interleaved. */
export function codeSamples(channels: readonly Float32Array[], kind: 'int' | 'uint' | 'float', width: number, little: boolean): Bytes {
  const frames = channels[0]!.length
  const bytes = new Uint8Array(frames * channels.length * width)
  const out = new DataView(bytes.buffer)
  let at = 0
  for (let i = 0; i < frames; i++)
    for (const channel of channels) {
      const x = channel[i]!
      if (kind === 'float' && width === 4) out.setFloat32(at, x, little)
      else if (kind === 'float') out.setFloat64(at, x, little)
      else {
        const value = Math.round(x * 2 ** (8 * width - 1)) + (kind === 'uint' ? 128 : 0)
        bytes.set(number(BigInt.asUintN(8 * width, BigInt(value)), width, little), at)
      }
      at += width
    }
  return bytes
}

/** Multiples of 1/128 in [−1, 1): every coding of at least 8 linear bits keeps them exactly. */
export const steps = (length: number, phase = 0): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => Math.round(100 * Math.sin(0.37 * i + phase)) / 128)

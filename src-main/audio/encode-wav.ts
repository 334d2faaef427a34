/** Bytes before the samples: a float file carries the count of its samples in a `fact` chunk. */
const HEADER = { int16: 44, float32: 58 } as const
const WIDTH = { int16: 2, float32: 4 } as const
type Format = keyof typeof WIDTH

/** The header of a mono WAV file of so many samples. */
export function wavHeader(samples: number, sampleRate: number, format: Format = 'int16'): Uint8Array<ArrayBuffer> {
  const width = WIDTH[format]
  const header = new Uint8Array(HEADER[format])
  const out = new DataView(header.buffer)
  const text = (at: number, name: string) => header.set(new TextEncoder().encode(name), at)
  text(0, 'RIFF')
  out.setUint32(4, header.length - 8 + samples * width, true)
  text(8, 'WAVEfmt ')
  out.setUint32(16, format === 'int16' ? 16 : 18, true)
  out.setUint16(20, format === 'int16' ? 1 : 3, true)
  out.setUint16(22, 1, true)
  out.setUint32(24, sampleRate, true)
  out.setUint32(28, sampleRate * width, true)
  out.setUint16(32, width, true)
  out.setUint16(34, width * 8, true)
  if (format === 'float32') {
    text(38, 'fact')
    out.setUint32(42, 4, true)
    out.setUint32(46, samples, true)
  }
  text(header.length - 8, 'data')
  out.setUint32(header.length - 4, samples * width, true)
  return header
}

/**
 * One channel as a WAV file: 16-bit integers (rounded, clipped to full scale)
 * or 32-bit floats (bit for bit).
 */
export function encodeWav(samples: Float32Array, sampleRate: number, format: Format = 'int16'): Uint8Array<ArrayBuffer> {
  const width = WIDTH[format]
  const dataAt = HEADER[format]
  const file = new Uint8Array(dataAt + samples.length * width)
  file.set(wavHeader(samples.length, sampleRate, format))
  const out = new DataView(file.buffer)
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!
    if (format === 'float32') out.setFloat32(dataAt + 4 * i, x, true)
    else out.setInt16(dataAt + 2 * i, Math.max(-32768, Math.min(32767, Math.round(x * 32768))), true)
  }
  return file
}

/**
 * One channel as a WAV file: 16-bit integers (rounded, clipped to full scale)
 * or 32-bit floats (bit for bit).
 */
export function encodeWav(
  samples: Float32Array,
  sampleRate: number,
  format: 'int16' | 'float32' = 'int16',
): Uint8Array<ArrayBuffer> {
  const width = format === 'int16' ? 2 : 4
  // A float file carries the count of its samples in a `fact` chunk.
  const dataAt = format === 'int16' ? 44 : 58
  const file = new Uint8Array(dataAt + samples.length * width)
  const out = new DataView(file.buffer)
  const text = (at: number, name: string) => file.set(new TextEncoder().encode(name), at)
  text(0, 'RIFF')
  out.setUint32(4, file.length - 8, true)
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
    out.setUint32(46, samples.length, true)
  }
  text(dataAt - 8, 'data')
  out.setUint32(dataAt - 4, samples.length * width, true)
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!
    if (format === 'float32') out.setFloat32(dataAt + 4 * i, x, true)
    else out.setInt16(dataAt + 2 * i, Math.max(-32768, Math.min(32767, Math.round(x * 32768))), true)
  }
  return file
}

export type WavBits = 16 | 24

/** One channel as a WAV file of 16 or 24-bit integers, rounded, cut off at full scale. */
export function wavFile(samples: Float32Array, sampleRate: number, bits: WavBits): Uint8Array<ArrayBuffer> {
  const width = bits / 8
  const bytes = samples.length * width
  const file = new Uint8Array(44 + bytes + (bytes & 1))
  const out = new DataView(file.buffer)
  const text = (at: number, name: string): void => file.set([...name].map((c) => c.charCodeAt(0)), at)
  text(0, 'RIFF')
  out.setUint32(4, file.length - 8, true)
  text(8, 'WAVEfmt ')
  out.setUint32(16, 16, true)
  out.setUint16(20, 1, true)
  out.setUint16(22, 1, true)
  out.setUint32(24, sampleRate, true)
  out.setUint32(28, sampleRate * width, true)
  out.setUint16(32, width, true)
  out.setUint16(34, bits, true)
  text(36, 'data')
  out.setUint32(40, bytes, true)
  const scale = 2 ** (bits - 1)
  samples.forEach((x, i) => {
    const value = Math.max(-scale, Math.min(scale - 1, Math.round(x * scale)))
    const at = 44 + i * width
    out.setUint8(at, value & 255)
    if (bits === 24) out.setUint8(at + 1, (value >> 8) & 255)
    out.setInt8(at + width - 1, value >> (bits - 8))
  })
  return file
}

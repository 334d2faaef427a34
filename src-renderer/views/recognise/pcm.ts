/** Full scale ±1 → 16-bit little-endian, as base64: how sound travels in a call. */
export function toInt16Base64(samples: Float32Array): string {
  const bytes = new Uint8Array(2 * samples.length)
  const view = new DataView(bytes.buffer)
  samples.forEach((x, i) => view.setInt16(2 * i, Math.round(Math.max(-1, Math.min(1, x)) * 32767), true))
  return btoa(String.fromCharCode(...bytes))
}

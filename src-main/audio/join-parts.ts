/** Lays the parts of each channel one after the other, without the first `skip` samples, cut to `frames`. */
export function joinParts(
  parts: readonly (readonly Float32Array[])[],
  channelCount: number,
  frames: number,
  skip = 0,
): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: channelCount }, (_, c) => {
    const channel = new Float32Array(Math.max(0, frames))
    let at = -skip
    for (const part of parts) {
      const source = part[c]!
      const from = Math.max(0, -at)
      const to = Math.min(source.length, channel.length - at)
      if (to > from) channel.set(source.subarray(from, to), at + from)
      at += source.length
    }
    return channel
  })
}

/** The newest samples of an endless signal, addressed by their place since its start. */
export interface SampleRing {
  /** Samples pushed so far. */
  readonly end: number
  push(samples: Float32Array): void
  /** A copy of [start, end); zeros stand where the signal had not begun or is forgotten. */
  read(start: number, end: number): Float32Array<ArrayBuffer>
}

export function createSampleRing(capacity: number): SampleRing {
  const ring = new Float32Array(capacity)
  let end = 0
  return {
    get end() {
      return end
    },
    push(samples) {
      const kept = samples.subarray(Math.max(0, samples.length - capacity))
      const at = (end + samples.length - kept.length) % capacity
      const first = Math.min(kept.length, capacity - at)
      ring.set(kept.subarray(0, first), at)
      ring.set(kept.subarray(first), 0)
      end += samples.length
    },
    read(start, stop) {
      const out = new Float32Array(stop - start)
      const from = Math.max(start, 0, end - capacity)
      const to = Math.min(stop, end)
      for (let at = from; at < to; ) {
        const place = at % capacity
        const count = Math.min(to - at, capacity - place)
        out.set(ring.subarray(place, place + count), at - start)
        at += count
      }
      return out
    },
  }
}

import type { MonoPiece } from './pieces.ts'

/** How loud a recording is from frame to frame: everything that finding its sounds needs. */
export interface EnergyEnvelope {
  /** Hz, the recording's own. */
  readonly sampleRate: number
  /** Samples in the recording. */
  readonly frames: number
  /** Samples of one level: 10 ms. */
  readonly hop: number
  /** dBFS of each 10 ms without its mean, at least −120. */
  readonly levels: Float32Array<ArrayBuffer>
  /** Mean power of the quietest tenth of the levels above −100 dBFS, in dBFS. */
  readonly noiseFloor: number
}

const HOP_SECONDS = 0.01
const LOWEST = -120
/** Below this is digital silence, which says nothing of the noise behind a sound. */
const DIGITAL_SILENCE = -100

/** Memory: four bytes for 10 ms, whatever the pieces' sizes. */
export async function measureEnvelope(pieces: AsyncIterable<MonoPiece>): Promise<EnergyEnvelope> {
  let levels = new Float32Array(4096)
  let count = 0
  let frames = 0
  let sampleRate = 0
  let hop = 1
  let filled = 0
  let sum = 0
  let squares = 0
  const close = () => {
    if (count === levels.length) levels = grown(levels)
    const power = squares / filled - (sum / filled) ** 2
    levels[count++] = power > 0 ? Math.max(LOWEST, 10 * Math.log10(power)) : LOWEST
    filled = sum = squares = 0
  }
  for await (const piece of pieces) {
    sampleRate = piece.sampleRate
    hop = Math.max(1, Math.round(HOP_SECONDS * sampleRate))
    frames += piece.samples.length
    for (const x of piece.samples) {
      sum += x
      squares += x * x
      if (++filled === hop) close()
    }
  }
  if (filled > 0) close()
  const all = levels.slice(0, count)
  return { sampleRate, frames, hop, levels: all, noiseFloor: quietest(all) }
}

function grown(levels: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const more = new Float32Array(2 * levels.length)
  more.set(levels)
  return more
}

function quietest(levels: Float32Array): number {
  const heard = levels.filter((level) => level > DIGITAL_SILENCE).sort()
  const part = heard.subarray(0, Math.ceil(heard.length / 10))
  if (part.length === 0) return LOWEST
  return 10 * Math.log10(part.reduce((sum, level) => sum + 10 ** (level / 10), 0) / part.length)
}

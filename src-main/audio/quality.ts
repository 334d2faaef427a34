/** What can be said about a clip by its samples alone, to find the bad ones in a dataset. */
export interface Quality {
  readonly durationSeconds: number
  /** Level of the largest sample, in dB below full scale (0 is full scale); −Infinity for digital silence. */
  readonly peakDbfs: number
  /** Level of all samples as root mean square; a full-scale sine has −3.01. */
  readonly rmsDbfs: number
  /** The mean of the samples, in parts of full scale. */
  readonly dcOffset: number
  /** Part of the samples that lie in runs of at least three at the same extreme near full scale. */
  readonly clippingRatio: number
  /** Part of the frames of 20 ms that are below −60 dBFS. */
  readonly silenceRatio: number
  /** Level of the quietest tenth of the frames; an estimate of the noise behind the sound. */
  readonly noiseFloorDbfs: number
  readonly flags: readonly QualityFlag[]
}

export interface QualityFlag {
  readonly name: 'empty' | 'silent' | 'clipped' | 'quiet' | 'dc-offset' | 'noisy' | 'short'
  /** One plain sentence with the measured number. */
  readonly reason: string
}

const SILENCE_DBFS = -60
/** Seconds; frames shorter than a syllable and longer than the period of the lowest voice. */
const FRAME = 0.02
const CLIP_LEVEL = 0.985

export function measureQuality(samples: Float32Array, sampleRate: number): Quality {
  const dcOffset = mean(samples)
  let peak = 0
  let power = 0
  for (const x of samples) {
    peak = Math.max(peak, Math.abs(x))
    power += x * x
  }
  const levels = frameLevels(samples, sampleRate, dcOffset)
  const measured = {
    durationSeconds: samples.length / sampleRate,
    peakDbfs: dbfs(peak),
    rmsDbfs: dbfs(Math.sqrt(power / Math.max(1, samples.length))),
    dcOffset,
    clippingRatio: clippedSamples(samples) / Math.max(1, samples.length),
    silenceRatio: levels.filter((l) => l < SILENCE_DBFS).length / Math.max(1, levels.length),
    noiseFloorDbfs: quietest(levels),
  }
  return { ...measured, flags: flagsOf(measured, levels) }
}

const dbfs = (level: number): number => 20 * Math.log10(level)

function mean(samples: Float32Array): number {
  let sum = 0
  for (const x of samples) sum += x
  return samples.length === 0 ? 0 : sum / samples.length
}

/** RMS level of each frame in dBFS, without the constant offset; a last frame under half its length is left out. */
function frameLevels(samples: Float32Array, sampleRate: number, offset: number): number[] {
  const size = Math.max(1, Math.round(FRAME * sampleRate))
  const levels: number[] = []
  for (let start = 0; start === 0 || start + size / 2 <= samples.length; start += size) {
    const frame = samples.subarray(start, start + size)
    if (frame.length === 0) break
    let power = 0
    for (const x of frame) power += (x - offset) ** 2
    levels.push(dbfs(Math.sqrt(power / frame.length)))
  }
  return levels
}

/** Mean power of the quietest tenth of the frames (at least one), in dBFS. */
function quietest(levels: readonly number[]): number {
  if (levels.length === 0) return -Infinity
  const lowest = levels.toSorted((a, b) => a - b).slice(0, Math.max(1, Math.floor(levels.length / 10)))
  return 10 * Math.log10(lowest.reduce((sum, l) => sum + 10 ** (l / 10), 0) / lowest.length)
}

/** A converter that runs out of range repeats its extreme; a loud peak that is whole does not. */
function clippedSamples(samples: Float32Array): number {
  let clipped = 0
  let run = 0
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!
    const extreme = Math.abs(x) >= CLIP_LEVEL
    run = extreme && run > 0 && Math.abs(x - samples[i - 1]!) < 1e-4 ? run + 1 : extreme ? 1 : 0
    if (run === 3) clipped += 3
    else if (run > 3) clipped++
  }
  return clipped
}

function flagsOf(q: Omit<Quality, 'flags'>, levels: readonly number[]): QualityFlag[] {
  if (q.durationSeconds === 0) return [{ name: 'empty', reason: 'There are no samples.' }]
  const flags: QualityFlag[] = []
  const percent = (x: number) => `${(100 * x).toFixed(x < 0.01 ? 2 : 0)} %`
  const level = (x: number) => `${x.toFixed(0)} dBFS`
  if (q.silenceRatio === 1) {
    flags.push({ name: 'silent', reason: `Every part of it is below ${level(SILENCE_DBFS)}.` })
  } else {
    const loudest = levels.reduce((a, b) => Math.max(a, b), -Infinity)
    if (loudest < -40) flags.push({ name: 'quiet', reason: `Its loudest part reaches only ${level(loudest)}.` })
    if (levels.length >= 10 && loudest - q.noiseFloorDbfs < 12)
      flags.push({ name: 'noisy', reason: `Its loudest part is only ${(loudest - q.noiseFloorDbfs).toFixed(0)} dB above its quietest.` })
  }
  if (q.clippingRatio > 0.0005) flags.push({ name: 'clipped', reason: `${percent(q.clippingRatio)} of the samples are cut off at full scale.` })
  if (Math.abs(q.dcOffset) > 0.02) flags.push({ name: 'dc-offset', reason: `The samples are centred on ${percent(q.dcOffset)} of full scale instead of zero.` })
  if (q.durationSeconds < 0.1) flags.push({ name: 'short', reason: `It lasts only ${(1000 * q.durationSeconds).toFixed(0)} ms.` })
  return flags
}

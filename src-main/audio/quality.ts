/** What can be said about a clip by its samples alone, to find the bad ones in a dataset. */
export interface Quality {
  readonly durationSeconds: number
  /** Level of the largest sample, in dB below full scale (0 is full scale); −200 for digital silence. */
  readonly peakDbfs: number
  /** Level of all samples as root mean square; a full-scale sine has −3.01. */
  readonly rmsDbfs: number
  /** Level of the loudest frame of 20 ms. */
  readonly loudestDbfs: number
  /** The mean of the samples, in parts of full scale. */
  readonly dcOffset: number
  /** Samples that lie in runs of at least three at the same extreme near full scale. */
  readonly clippedSamples: number
  /** Of all samples. */
  readonly clippedRatio: number
  /** Part of the frames that are below −60 dBFS. */
  readonly silenceRatio: number
  /** Level of the quietest tenth of the frames; an estimate of the noise behind the sound. */
  readonly noiseFloorDbfs: number
  /**
   * From the noise floor up to the 95th percentile of the frames' levels, dB (after NIST's speech quality tool
   * `stnr`, which takes that percentile for the speech). null where there are too few frames to tell.
   */
  readonly snrDb: number | null
}

export const SOUND_FLAGS = ['clipped', 'silent', 'quiet', 'dc-offset', 'noisy', 'short'] as const
export type SoundFlag = (typeof SOUND_FLAGS)[number]

/** Where each measure becomes a flag; docs/LIBRARY.md says why there. */
export const QUALITY_LIMITS = {
  /** Part of the samples that are clipped. */
  clippedRatio: 0.0005,
  /** dBFS: a frame below it is silent. */
  silence: -60,
  /** dBFS of the loudest frame. */
  quiet: -40,
  /** Part of full scale. */
  dcOffset: 0.02,
  /** dB */
  snr: 12,
  /** Seconds. */
  short: 0.1,
} as const

/** Seconds; frames shorter than a syllable and longer than the period of the lowest voice. */
const FRAME = 0.02
/** Fewer frames hold no pause to take the noise from. */
const FRAMES_FOR_NOISE = 10
/** At this part of full scale a converter may have run out of range (8-bit µ-law ends at 0.9804). */
const CLIP_LEVEL = 0.98
/** The quietest that is told from nothing, dBFS. */
const NOTHING = -200

export function measureQuality(samples: Float32Array, sampleRate: number): Quality {
  const dcOffset = mean(samples)
  let peak = 0
  let power = 0
  for (const x of samples) {
    peak = Math.max(peak, Math.abs(x))
    power += x * x
  }
  const clipped = clippedSamples(samples)
  const levels = frameLevels(samples, sampleRate, dcOffset).sort((a, b) => a - b)
  const noiseFloorDbfs = quietest(levels)
  return {
    durationSeconds: samples.length / sampleRate,
    peakDbfs: dbfs(peak),
    rmsDbfs: dbfs(Math.sqrt(power / Math.max(1, samples.length))),
    loudestDbfs: levels.at(-1) ?? NOTHING,
    dcOffset,
    clippedSamples: clipped,
    clippedRatio: clipped / Math.max(1, samples.length),
    silenceRatio: levels.filter((l) => l < QUALITY_LIMITS.silence).length / Math.max(1, levels.length),
    noiseFloorDbfs,
    snrDb: levels.length < FRAMES_FOR_NOISE ? null : levels[Math.ceil(0.95 * levels.length) - 1]! - noiseFloorDbfs,
  }
}

/** What is wrong with it. A silent clip is only that. */
export function soundFlags(q: Quality): SoundFlag[] {
  if (q.silenceRatio === 1 || q.loudestDbfs <= NOTHING) return ['silent']
  const holds: Record<SoundFlag, boolean> = {
    clipped: q.clippedRatio > QUALITY_LIMITS.clippedRatio,
    silent: false,
    quiet: q.loudestDbfs < QUALITY_LIMITS.quiet,
    'dc-offset': Math.abs(q.dcOffset) > QUALITY_LIMITS.dcOffset,
    noisy: q.snrDb !== null && q.snrDb < QUALITY_LIMITS.snr,
    short: q.durationSeconds < QUALITY_LIMITS.short,
  }
  return SOUND_FLAGS.filter((flag) => holds[flag])
}

const dbfs = (level: number): number => Math.max(NOTHING, 20 * Math.log10(level))

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

/** Mean power of the quietest tenth of the frames (at least one), in dBFS. `levels`: rising. */
function quietest(levels: readonly number[]): number {
  if (levels.length === 0) return NOTHING
  const lowest = levels.slice(0, Math.max(1, Math.floor(levels.length / 10)))
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

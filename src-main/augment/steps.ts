/**
 * The steps of a policy as data. Each belongs to one of three stages, in which order a policy lists them:
 * waveform steps change the sound, feature steps change its picture, batch steps mix the clips of a batch.
 */
import { z } from 'zod'

const probability = z.number().min(0).max(1).default(1)
const fill = z.enum(['mean', 'zero']).default('mean')
const width = z.number().int().min(0).max(10_000)
const count = z.number().int().min(0).max(100).default(1)
const factor = z.number().min(1).max(4)
const level = z.number().min(-1000).max(1000)
const decibels = z.number().min(-100).max(100)

/** Where background noise comes from: see `waveform/noise.ts`. */
export const NOISE_SOURCES = ['white', 'pink', 'brown', 'babble', 'clips'] as const
export type NoiseSource = (typeof NOISE_SOURCES)[number]

const waveformStep = [
  /** Played faster or slower, by a factor up to this either way: pitch and duration change together. */
  z.strictObject({ type: z.literal('speed'), probability, factor }),
  /** Faster or slower at the same pitch. */
  z.strictObject({ type: z.literal('timeStretch'), probability, factor }),
  /** Higher or lower by up to so many semitones, at the same duration. */
  z.strictObject({ type: z.literal('pitchShift'), probability, semitones: z.number().min(0).max(24) }),
  /** Earlier or later by up to so many seconds: zeros come in (`pad`), or what went out at the other end (`roll`). */
  z.strictObject({ type: z.literal('timeShift'), probability, seconds: z.number().min(0).max(30), mode: z.enum(['pad', 'roll']).default('pad') }),
  /** Louder or softer, in dB. */
  z.strictObject({ type: z.literal('gain'), probability, low: decibels, high: decibels }),
  /** Resonances and dips: so many peaking filters, each of up to `gain` dB either way. */
  z.strictObject({ type: z.literal('parametricEqualiser'), probability, bands: z.number().int().min(1).max(16).default(3), gain: z.number().min(0).max(40) }),
  /** A high-pass up to `lowCut` and a low-pass down to `highCut`, Hz. */
  z.strictObject({ type: z.literal('bandPass'), probability, lowCut: z.number().min(1).max(20_000), highCut: z.number().min(50).max(96_000) }),
  /** A room: exponentially decaying noise whose level falls by 60 dB in `rt60Low` to `rt60High` seconds. */
  z.strictObject({
    type: z.literal('reverb'),
    probability,
    rt60Low: z.number().min(0.02).max(10),
    rt60High: z.number().min(0.02).max(10),
    /** Direct sound over reverberation, dB. */
    ratioLow: decibels.default(0),
    ratioHigh: decibels.default(15),
  }),
  /** 300 to 3,400 Hz in 8-bit µ-law at 8 kHz, as telephones carry it. */
  z.strictObject({ type: z.literal('telephone'), probability }),
  /** Background noise at a signal-to-noise ratio drawn evenly between these two, dB. */
  z.strictObject({
    type: z.literal('noise'),
    probability,
    /** One is drawn each time. */
    sources: z.array(z.enum(NOISE_SOURCES)).min(1).default(['white', 'pink', 'brown']),
    snrLow: decibels,
    snrHigh: decibels,
    /** Clips that talk at once in `babble`. */
    voices: z.number().int().min(1).max(16).default(4),
    /** The label whose training clips are the noise of `clips`. */
    label: z.string().min(1).max(200).nullable().default(null),
  }),
] as const

const featureStep = [
  /**
   * Another place in time (up to `shift` frames either way), another speed and another vocal tract (the axes
   * scaled by up to these factors either way). See `affine.ts`.
   */
  z.strictObject({ type: z.literal('affine'), probability, shift: z.number().min(0).max(10_000).default(0), stretch: factor.default(1), frequencyScale: factor.default(1) }),
  /** A smooth random curve along frequency, of this standard deviation in the features' unit. */
  z.strictObject({ type: z.literal('equalise'), probability, deviation: z.number().min(0).max(1000) }),
  /** Noise as a floor: values below a level drawn between these two are raised to it. */
  z.strictObject({ type: z.literal('noiseFloor'), probability, low: level, high: level }),
  /** SpecAugment's W, in frames: a point of the time axis moves by up to this. */
  z.strictObject({ type: z.literal('timeWarp'), probability, width }),
  /** SpecAugment's F (bins) and mF. */
  z.strictObject({ type: z.literal('frequencyMask'), probability, width, count, fill }),
  /** SpecAugment's T (frames), mT and p: no mask is wider than `maxFraction` of the clip's valid frames. */
  z.strictObject({ type: z.literal('timeMask'), probability, width, count, fill, maxFraction: z.number().min(0).max(1).default(1) }),
] as const

const batchStep = [
  /** Mixes features and targets of two clips of a batch, λ ~ Beta(alpha, alpha) (Zhang et al. 2018). See `mixup.ts`. */
  z.strictObject({ type: z.literal('mixup'), probability, alpha: z.number().positive().max(100) }),
] as const

export const stepSchema = z.discriminatedUnion('type', [...waveformStep, ...featureStep, ...batchStep])

export type AugmentStep = z.output<typeof stepSchema>
export type WaveformStep = z.output<(typeof waveformStep)[number]>
export type FeatureStep = z.output<(typeof featureStep)[number]>
export type MixupStep = z.output<(typeof batchStep)[number]>
export type Stage = 'waveform' | 'feature' | 'batch'

const typesOf = (steps: readonly z.ZodObject<{ type: z.ZodLiteral<string> }>[]): readonly string[] => steps.map((s) => s.shape.type.value)
const WAVEFORM_TYPES = new Set(typesOf(waveformStep))
const FEATURE_TYPES = new Set(typesOf(featureStep))

export const isWaveformStep = (step: AugmentStep): step is WaveformStep => WAVEFORM_TYPES.has(step.type)
export const isFeatureStep = (step: AugmentStep): step is FeatureStep => FEATURE_TYPES.has(step.type)

export function stageOf({ type }: Pick<AugmentStep, 'type'>): Stage {
  if (WAVEFORM_TYPES.has(type)) return 'waveform'
  return FEATURE_TYPES.has(type) ? 'feature' : 'batch'
}

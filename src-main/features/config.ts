/**
 * The settings of a front end as data: what turns a waveform into the features that a network sees. Every
 * setting has its unit in its name or its comment, unknown keys are refused, and the parsed value is complete,
 * so equal settings give equal hashes.
 */
import { z } from 'zod'
import { fail, hashJson, ok, type Result } from '../kit/index.ts'

const clip = z.strictObject({
  /** Every clip is cropped or padded with zeros to this length. */
  seconds: z.number().positive().max(30).default(1),
  /** Which part of a longer clip is kept: its middle, its first part, or the part with the largest energy. */
  crop: z.enum(['centre', 'energy', 'start']).default('centre'),
  /** Where a shorter clip stands: in the middle of the zeros, or before them. */
  pad: z.enum(['centre', 'end']).default('centre'),
})

const frames = z.strictObject({
  /** Window length and hop in milliseconds, rounded to the nearest whole sample. */
  windowMs: z.number().positive().max(1000).default(32),
  hopMs: z.number().positive().max(1000).default(16),
  /** Periodic windows, as for spectral analysis. */
  window: z.enum(['hann', 'hamming', 'blackman', 'rectangular']).default('hann'),
  /** Length of the Fourier transform in samples; null is the next power of two from the window length. */
  fftSize: z.number().int().min(2).max(16384).nullable().default(null),
  /** `zero` and `reflect` centre frame t on sample t·hop; with `none` frame t starts there. */
  padding: z.enum(['zero', 'reflect', 'none']).default('zero'),
  /** 2 for power |X|², 1 for magnitude |X|. */
  power: z.union([z.literal(1), z.literal(2)]).default(2),
})

const mel = z.strictObject({
  bands: z.number().int().min(1).max(512).default(64),
  /** Hz. `fmax` null is half the sample rate. */
  fmin: z.number().min(0).default(0),
  fmax: z.number().positive().nullable().default(null),
  scale: z.enum(['htk', 'slaney']).default('slaney'),
  /** `slaney` gives every triangle the same area; null gives every triangle the height 1. */
  norm: z.enum(['slaney']).nullable().default('slaney'),
})

const log = z
  .strictObject({
    unit: z.enum(['ln', 'log10', 'db']).default('db'),
    /** Smallest value that is told apart, in the unit of the spectrum (power or magnitude). */
    floor: z.number().min(1e-30).max(1).default(1e-10),
    /** `clamp` takes max(x, floor), `add` takes x + floor. */
    floorBy: z.enum(['clamp', 'add']).default('clamp'),
    /** What the values are relative to: a number, or the clip's own largest value. */
    reference: z.union([z.number().positive(), z.literal('max')]).default(1),
    /** Values further than this below the clip's largest are raised to it (dB only). */
    topDb: z.number().positive().nullable().default(null),
  })
  .refine((l) => l.topDb === null || l.unit === 'db', { error: 'topDb needs the unit db', path: ['topDb'] })

const common = {
  version: z.literal(1),
  /** Hz. */
  sampleRate: z.number().int().min(1000).max(192_000).default(16_000),
  clip: clip.prefault({}),
  /** y[n] = x[n] − preEmphasis · x[n − 1]; null leaves it out. */
  preEmphasis: z.number().min(0).max(1).nullable().default(null),
  /**
   * Mean 0 and standard deviation 1, measured on the clip itself or on the training clips of the dataset
   * (those numbers travel beside the config, see `DatasetNormalisation`).
   */
  normalise: z.enum(['none', 'clip', 'dataset']).default('none'),
  /** One mean and deviation for all values, or one for each frequency bin. */
  normalisePer: z.enum(['all', 'bin']).default('all'),
}

const side = z.number().int().min(1).max(2048)
const spectral = {
  ...common,
  frames: frames.prefault({}),
  /** Maps `low` to −1 and `high` to 1, in the unit of the values; null leaves them. */
  scale: z
    .strictObject({ low: z.number(), high: z.number() })
    .refine((s) => s.high > s.low, 'high must be above low')
    .nullable()
    .default(null),
  /** Antialiased bilinear resize to this size, as an image. */
  resize: z.strictObject({ height: side, width: side }).nullable().default(null),
}

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('waveform'), ...common }),
  z.strictObject({ kind: z.literal('spectrogram'), ...spectral, log: log.nullable().default(null) }),
  z.strictObject({ kind: z.literal('logmel'), ...spectral, mel: mel.prefault({}), log: log.prefault({}) }),
  z.strictObject({
    kind: z.literal('mfcc'),
    ...spectral,
    mel: mel.prefault({}),
    log: log.prefault({}),
    /** How many coefficients are kept, and the sine lifter L (0 for none): c[n] · (1 + L/2 · sin(π(n + 1)/L)). */
    mfcc: z.strictObject({ count: z.number().int().min(1).max(512).default(40), lifter: z.number().min(0).default(0) }).prefault({}),
  }),
])

export const frontEndSchema = schema.superRefine((config, context) => {
  const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
  if (Math.round(config.clip.seconds * config.sampleRate) < 1) complain(['clip', 'seconds'], 'the clip is shorter than one sample')
  if (config.kind === 'waveform') return
  const length = Math.round(config.clip.seconds * config.sampleRate)
  const window = Math.round((config.frames.windowMs * config.sampleRate) / 1000)
  const hop = Math.round((config.frames.hopMs * config.sampleRate) / 1000)
  const size = config.frames.fftSize ?? nextPowerOfTwo(window)
  if (window < 1) complain(['frames', 'windowMs'], 'the window is shorter than one sample')
  if (hop < 1) complain(['frames', 'hopMs'], 'the hop is shorter than one sample')
  if (size < window) complain(['frames', 'fftSize'], `the Fourier transform (${size}) is shorter than the window (${window} samples)`)
  if (size > 16384) complain(['frames', 'windowMs'], 'the Fourier transform is longer than 16384 samples')
  if (config.frames.padding === 'none' && length < size) complain(['clip', 'seconds'], 'the clip is shorter than one frame')
  if (config.frames.padding === 'reflect' && length <= size / 2) complain(['clip', 'seconds'], 'the clip is too short to be reflected')
  if (config.kind === 'spectrogram') return
  const nyquist = config.sampleRate / 2
  const fmax = config.mel.fmax ?? nyquist
  if (fmax > nyquist) complain(['mel', 'fmax'], `above half the sample rate (${nyquist} Hz)`)
  if (config.mel.fmin >= fmax) complain(['mel', 'fmin'], 'must be below fmax')
  if (config.kind === 'mfcc' && config.mfcc.count > config.mel.bands) complain(['mfcc', 'count'], 'more coefficients than mel bands')
})

export type FrontEndConfig = z.output<typeof frontEndSchema>
/** What a person may write: everything but `version` and `kind` has a default. */
export type FrontEndInput = z.input<typeof frontEndSchema>
export type SpectralConfig = Exclude<FrontEndConfig, { kind: 'waveform' }>
export type LogConfig = z.output<typeof log>
export type MelConfig = z.output<typeof mel>
export type WindowName = z.output<typeof frames>['window']

/** Raised when the same settings begin to give other numbers, so that no cache serves the old ones. */
const ARITHMETIC_VERSION = 2

/** Names the features that these settings give: the key of caches and a link in the provenance of a model. */
export const frontEndHash = (config: FrontEndConfig): string => hashJson({ arithmetic: ARITHMETIC_VERSION, config })

export const parseFrontEnd = (value: unknown): Result<FrontEndConfig> => parseSettings(frontEndSchema, value, 'front end')

/** Checks settings against a schema; the message names the path of the first bad value. */
export function parseSettings<S extends z.ZodType>(schema: S, value: unknown, what: string): Result<z.output<S>> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return ok(parsed.data)
  const issue = parsed.error.issues[0]
  const path = issue?.path.map(String).join('.') ?? ''
  return fail('INVALID', `The ${what} is not valid${path === '' ? '' : ` at ${path}`}: ${issue?.message ?? 'unknown problem'}`, { cause: parsed.error })
}

export function nextPowerOfTwo(n: number): number {
  let size = 1
  while (size < n) size *= 2
  return size
}

import { denoise } from './denoise.ts'
import { inOrder, type Edit, type FadeCurve } from './edit.ts'
import { butterworth, filterInPlace, HIGHEST_EDGE } from './filters.ts'
import { loudness } from './loudness.ts'

/** A clip [start, end) with what lies around it in its recording, mono. */
export interface SoundAround {
  readonly samples: Float32Array<ArrayBuffer>
  /** Hz */
  readonly sampleRate: number
  readonly start: number
  readonly end: number
}

/** Seconds of the recording on each side that filters settle in and that noise is learnt from. */
export const EDIT_MARGIN = 0.5

/**
 * The clip's samples after its edits, as many as before. Filters and denoising see the sound around the clip, so that
 * its edges do not ring; everything that measures or fades sees the clip alone. `sound` is not changed.
 */
export function renderEdits(sound: SoundAround, edits: readonly Edit[]): Float32Array<ArrayBuffer> {
  let around = sound.samples.slice()
  let clip: Float32Array<ArrayBuffer> | undefined
  for (const edit of inOrder(edits)) {
    if (isSpectral(edit)) around = alter(around, sound, edit)
    else {
      clip ??= around.slice(sound.start, sound.end)
      change(clip, sound.sampleRate, edit)
    }
  }
  return clip ?? around.slice(sound.start, sound.end)
}

type Spectral = Extract<Edit, { kind: 'remove-dc' | 'high-pass' | 'low-pass' | 'band-pass' | 'denoise' }>
type Level = Exclude<Edit, Spectral>

const SPECTRAL: readonly Edit['kind'][] = ['remove-dc', 'high-pass', 'low-pass', 'band-pass', 'denoise'] satisfies Spectral['kind'][]
const isSpectral = (edit: Edit): edit is Spectral => SPECTRAL.includes(edit.kind)

function alter(samples: Float32Array<ArrayBuffer>, { sampleRate, start, end }: SoundAround, edit: Spectral): Float32Array<ArrayBuffer> {
  // An edge that the sample rate cannot hold: a low-pass there takes nothing away.
  const lowPass = (hz: number) => hz < HIGHEST_EDGE * sampleRate && filterInPlace(samples, butterworth('low-pass', hz, sampleRate))
  const highPass = (hz: number) => filterInPlace(samples, butterworth('high-pass', Math.min(hz, HIGHEST_EDGE * sampleRate), sampleRate))
  switch (edit.kind) {
    case 'remove-dc': {
      const offset = mean(samples.subarray(start, end))
      for (let i = 0; i < samples.length; i++) samples[i] = samples[i]! - offset
      break
    }
    case 'high-pass':
      highPass(edit.hz)
      break
    case 'low-pass':
      lowPass(edit.hz)
      break
    case 'band-pass':
      highPass(edit.low)
      lowPass(edit.high)
      break
    case 'denoise':
      return denoise(samples, sampleRate, edit)
  }
  return samples
}

function change(clip: Float32Array, sampleRate: number, edit: Level): void {
  switch (edit.kind) {
    case 'gain':
      return scale(clip, 10 ** (edit.db / 20))
    case 'normalise':
      return scale(clip, normalisingGain(clip, sampleRate, edit))
    case 'fade-in':
      return fade(clip, sampleRate, edit, (i) => i)
    case 'fade-out':
      return fade(clip, sampleRate, edit, (i) => clip.length - 1 - i)
  }
}

/** Silence stays silence. */
function normalisingGain(clip: Float32Array, sampleRate: number, { to, level }: Extract<Edit, { kind: 'normalise' }>): number {
  const highest = clip.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  if (highest === 0) return 1
  const measured = { peak: () => decibels(highest), rms: () => decibels(rms(clip)), loudness: () => loudness(clip, sampleRate) }[to]()
  // Quieter than the loudness scale reaches: by its peak instead.
  const gain = 10 ** ((level - (Number.isFinite(measured) ? measured : decibels(highest))) / 20)
  return Math.min(gain, 1 / highest)
}

function scale(clip: Float32Array, gain: number): void {
  for (let i = 0; i < clip.length; i++) clip[i] = clip[i]! * gain
}

const CURVES: Readonly<Record<FadeCurve, (t: number) => number>> = {
  linear: (t) => t,
  'equal-power': (t) => Math.sin((t * Math.PI) / 2),
  's-curve': (t) => 0.5 - 0.5 * Math.cos(t * Math.PI),
}

/** From nothing at the outermost sample; a fade that is longer than the clip ends where the clip does. */
function fade(clip: Float32Array, sampleRate: number, { ms, curve }: { readonly ms: number; readonly curve: FadeCurve }, place: (i: number) => number): void {
  const length = Math.min(clip.length, Math.round((ms / 1000) * sampleRate))
  for (let i = 0; i < length; i++) clip[place(i)] = clip[place(i)]! * CURVES[curve](i / length)
}

const decibels = (level: number): number => 20 * Math.log10(level)
const mean = (samples: Float32Array): number => samples.reduce((sum, x) => sum + x, 0) / Math.max(1, samples.length)
const rms = (samples: Float32Array): number => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / Math.max(1, samples.length))

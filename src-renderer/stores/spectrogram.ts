import { defineStore } from 'pinia'
import { computed, reactive, watch } from 'vue'
import { STFT_WINDOWS, type Stft } from '@contract'
import { FREQUENCY_SCALES, type FrequencyAxis, type FrequencyScale } from '@/views/editor/frequency-axis.ts'
import { COLOUR_MAPS, type ColourMap } from '@/views/editor/spectrogram/colour-maps.ts'
import { useEditor } from './editor.ts'

export const WINDOW_SIZES = [64, 128, 256, 512, 1024, 2048, 4096, 8192] as const
/** Part of a window that the next one repeats. */
export const OVERLAPS = [0.5, 0.75, 0.875] as const

export interface SpectrogramSettings {
  window: Stft['window']
  /** Samples; null follows the sample rate (about 32 ms). */
  size: (typeof WINDOW_SIZES)[number] | null
  overlap: (typeof OVERLAPS)[number]
  scale: FrequencyScale
  colours: ColourMap
  /** dB added before colouring; null brings the loudest of the recording to the brightest colour. */
  gain: number | null
  /** dB from the darkest colour to the brightest. */
  dynamicRange: number
  /** Hz; null is half the sample rate. */
  low: number
  high: number | null
  /** How many times the waveform is enlarged; null fills the pane with its loudest sample. */
  amplitude: number | null
}

/** dB. */
export const GAINS = [-20, 80] as const
export const RANGES = [20, 110] as const
export const AMPLITUDE = 64

const DEFAULTS: SpectrogramSettings = {
  window: 'hann', size: null, overlap: 0.75, scale: 'linear', colours: 'magma', gain: null, dynamicRange: 70, low: 0, high: null, amplitude: null,
}
/** Samples: a transform of at least this many gives smooth rows. */
const SMOOTH = 1024
const STORED = 'espectro.spectrogram'

const oneOf = <T>(list: readonly T[], value: unknown, otherwise: T): T => (list.includes(value as T) ? (value as T) : otherwise)
const within = (low: number, high: number, value: unknown, otherwise: number): number =>
  typeof value === 'number' && value >= low && value <= high ? value : otherwise

/** What was stored, as far as it still makes sense. */
export function readSpectrogramSettings(text: string | null): SpectrogramSettings {
  let s: Partial<Record<keyof SpectrogramSettings, unknown>> = {}
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    if (typeof value === 'object' && value !== null) s = value
  } catch {
    // Nothing of it makes sense.
  }
  return {
    window: oneOf(STFT_WINDOWS, s.window, DEFAULTS.window),
    size: oneOf([null, ...WINDOW_SIZES], s.size, DEFAULTS.size),
    overlap: oneOf(OVERLAPS, s.overlap, DEFAULTS.overlap),
    scale: oneOf(FREQUENCY_SCALES, s.scale, DEFAULTS.scale),
    colours: oneOf(COLOUR_MAPS, s.colours, DEFAULTS.colours),
    gain: typeof s.gain === 'number' ? within(GAINS[0], GAINS[1], s.gain, 0) : null,
    dynamicRange: within(RANGES[0], RANGES[1], s.dynamicRange, DEFAULTS.dynamicRange),
    low: within(0, 384_000, s.low, DEFAULTS.low),
    high: within(1, 384_000, s.high, 0) || null,
    amplitude: within(1, AMPLITUDE, s.amplitude, 0) || null,
  }
}

/** How the spectrogram is made and shown, kept for this window. */
export const useSpectrogram = defineStore('spectrogram', () => {
  const editor = useEditor()
  const settings = reactive(readSpectrogramSettings(localStorage.getItem(STORED)))
  watch(settings, () => localStorage.setItem(STORED, JSON.stringify(settings)))

  const nyquist = computed(() => editor.sampleRate / 2)
  /** Limits that fit this recording, whatever was set at another sample rate. */
  const axis = computed<FrequencyAxis>(() => {
    const high = Math.min(settings.high ?? nyquist.value, nyquist.value)
    const low = Math.min(settings.low, high * 0.9)
    return { scale: settings.scale, low: settings.scale === 'log' ? Math.max(20, Math.min(low || 20, high / 2)) : low, high }
  })
  /** Samples: the power of two nearest to 32 ms unless one is chosen. */
  const size = computed(() => settings.size ?? 2 ** Math.max(6, Math.min(13, Math.round(Math.log2(0.032 * editor.sampleRate)))))
  const stft = computed<Stft>(() => ({
    window: settings.window,
    size: size.value,
    hop: Math.round(size.value * (1 - settings.overlap)),
    // Zeros after a short window give the picture the rows that it needs.
    fftSize: Math.max(SMOOTH, size.value),
  }))
  return { settings, axis, size, stft, nyquist, reset: () => Object.assign(settings, DEFAULTS) }
})

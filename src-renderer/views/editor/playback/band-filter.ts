import { butterworthQualities } from './butterworth.ts'

/** What of a sound is heard, Hz. */
export interface Band {
  readonly low: number
  readonly high: number
}

export interface BandFilter {
  /** Null lets everything through. `nyquist` of the recording, Hz: a band that reaches it has no upper edge. */
  set(band: Band | null, nyquist: number): void
  /** Browsers let sound begin only after a person did something. */
  wake(): Promise<void>
}

/** Lowest frequency that is cut at all, Hz. */
const LOWEST = 10

const ORDER = 8

export function cascade(context: BaseAudioContext, { low, high }: Band, nyquist: number): BiquadFilterNode[] {
  const edges: readonly (readonly [BiquadFilterType, number, boolean])[] = [
    ['highpass', low, low > LOWEST],
    ['lowpass', high, high < 0.99 * nyquist && high < 0.49 * context.sampleRate],
  ]
  return edges
    .filter(([, , needed]) => needed)
    .flatMap(([type, frequency]) => butterworthQualities(ORDER).map((Q) => new BiquadFilterNode(context, { type, frequency, Q })))
}

/** Sends a media element through a band-pass. The Web Audio graph is made when the first band is wanted. */
export function createBandFilter(audio: HTMLMediaElement): BandFilter {
  let context: AudioContext | null = null
  let source: MediaElementAudioSourceNode | null = null
  let nodes: AudioNode[] = []

  return {
    set(band, nyquist) {
      if (!band && !source) return
      context ??= new AudioContext()
      source ??= context.createMediaElementSource(audio)
      for (const node of [source, ...nodes]) node.disconnect()
      nodes = band ? cascade(context, band, nyquist) : []
      let last: AudioNode = source
      for (const node of nodes) last = last.connect(node)
      last.connect(context.destination)
    },
    wake: async () => {
      if (context?.state === 'suspended') await context.resume()
    },
  }
}

/** Decoded sound: one array a channel, full scale ±1, all of the same length. */
export interface Pcm {
  /** Hz. */
  readonly sampleRate: number
  readonly channels: readonly Float32Array<ArrayBuffer>[]
}

/** What the header says. `frames` counts samples of one channel; null where only decoding would tell. */
export interface AudioInfo {
  readonly container: Container
  /** The field's name of the coding: `pcm_s16le`, `flac`, `mp3`, `vorbis`, `opus`, `aac`, … */
  readonly codec: string
  /** Hz. For Opus this is 48,000, the rate that it decodes to. */
  readonly sampleRate: number
  readonly channels: number
  readonly frames: number | null
  readonly durationSeconds: number | null
}

export type Container = 'wav' | 'aiff' | 'flac' | 'mp3' | 'ogg' | 'webm' | 'mp4' | 'adts'

/** The mean of all channels. A mono recording is handed through without a copy. */
export function mixToMono(pcm: Pcm): Float32Array<ArrayBuffer> {
  const [first, ...others] = pcm.channels
  if (!first) return new Float32Array(0)
  if (others.length === 0) return first
  const mono = Float32Array.from(first)
  for (const channel of others) for (let i = 0; i < mono.length; i++) mono[i] = mono[i]! + channel[i]!
  const scale = 1 / pcm.channels.length
  for (let i = 0; i < mono.length; i++) mono[i] = mono[i]! * scale
  return mono
}

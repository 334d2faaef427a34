import { wavFile } from './wav.ts'

/** Hz that every browser converts to (Web Audio API, section "Supported sample rates"). */
const SUPPORTED = { low: 8000, high: 96_000 }
const OTHERWISE = 48_000

/**
 * A sound file by the decoder of this browser, as a mono WAV of 24 bits at the file's own rate (Hz). Throws where the
 * browser cannot decode it. A rate that browsers need not support becomes 48 kHz.
 */
export async function decodeFile(bytes: ArrayBuffer, sampleRate: number): Promise<Uint8Array<ArrayBuffer>> {
  const rate = sampleRate >= SUPPORTED.low && sampleRate <= SUPPORTED.high ? sampleRate : OTHERWISE
  // Decoding converts to the rate of the context: at the file's own nothing is resampled.
  const sound = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes)
  const mono = new Float32Array(sound.length)
  for (let c = 0; c < sound.numberOfChannels; c++) sound.getChannelData(c).forEach((x, i) => (mono[i] = mono[i]! + x / sound.numberOfChannels))
  return wavFile(mono, rate, 24)
}

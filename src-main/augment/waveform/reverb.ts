/**
 * A room's impulse response as exponentially decaying Gaussian noise after the direct sound (Polack 1988; Habets
 * 2007, section 2.3): level falls by 60 dB in `rt60` seconds.
 */
import type { Random } from '../../kit/index.ts'
import { whiteNoise } from './noise.ts'

/** Seconds between the direct sound and the reverberation. */
const PRE_DELAY = 0.005

/** `ratio` is the energy of the direct sound over that of the reverberation, dB. The first value is the direct sound, 1. */
export function roomResponse(sampleRate: number, rt60: number, ratio: number, random: Random): Float32Array {
  const delay = Math.max(1, Math.round(PRE_DELAY * sampleRate))
  const tail = whiteNoise(Math.max(1, Math.round(rt60 * sampleRate)), random)
  const decay = Math.log(1000) / (rt60 * sampleRate) // of the amplitude, per sample: 60 dB is a factor of 1,000
  let energy = 0
  for (let i = 0; i < tail.length; i++) {
    tail[i]! *= Math.exp(-decay * i)
    energy += tail[i]! ** 2
  }
  const level = 10 ** (-ratio / 20) / Math.sqrt(energy)
  const response = new Float32Array(delay + tail.length)
  for (let i = 0; i < tail.length; i++) response[delay + i] = level * tail[i]!
  response[0] = 1
  return response
}

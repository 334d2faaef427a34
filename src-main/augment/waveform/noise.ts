/** Background noise of several colours, or made of other clips. */
import { createRandom, type Random } from '../../kit/index.ts'
import type { KeptClip } from './canvas.ts'

/** Two normal values from two uniform ones (Box and Muller 1958). */
export function whiteNoise(length: number, random: Random): Float32Array {
  const noise = new Float32Array(length)
  for (let i = 0; i < length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
    const angle = 2 * Math.PI * random.next()
    noise[i] = radius * Math.cos(angle)
    if (i + 1 < length) noise[i + 1] = radius * Math.sin(angle)
  }
  return noise
}

/** Samples that the filters below run before their noise is taken, so that they have settled. */
const SETTLE = 1024

/**
 * −3 dB an octave, by the sum of first-order filters that P. Kellet found (musicdsp.org, "Pink noise filter");
 * within ±0.5 dB over the upper nine octaves at any rate.
 */
export function pinkNoise(length: number, random: Random): Float32Array {
  const white = whiteNoise(length + SETTLE, random)
  const noise = new Float32Array(length)
  let [b0, b1, b2, b3, b4, b5, b6] = [0, 0, 0, 0, 0, 0, 0]
  for (let i = 0; i < white.length; i++) {
    const w = white[i]!
    b0 = 0.99886 * b0 + 0.0555179 * w
    b1 = 0.99332 * b1 + 0.0750759 * w
    b2 = 0.969 * b2 + 0.153852 * w
    b3 = 0.8665 * b3 + 0.3104856 * w
    b4 = 0.55 * b4 + 0.5329522 * w
    b5 = -0.7616 * b5 - 0.016898 * w
    if (i >= SETTLE) noise[i - SETTLE] = b0 + b1 + b2 + b3 + b4 + b5 + b6 + 0.5362 * w
    b6 = 0.115926 * w
  }
  return noise
}

/** −6 dB an octave above a few hertz: white noise summed up by a sum that slowly forgets. */
export function brownNoise(length: number, random: Random): Float32Array {
  const white = whiteNoise(length + SETTLE, random)
  const noise = new Float32Array(length)
  let sum = 0
  for (let i = 0; i < white.length; i++) {
    sum = 0.995 * sum + white[i]!
    if (i >= SETTLE) noise[i - SETTLE] = sum
  }
  return noise
}

/** Samples of each colour that are made once, from a fixed seed: 16 seconds at 16 kHz. */
const KEPT = 2 ** 18
const GENERATORS = { white: whiteNoise, pink: pinkNoise, brown: brownNoise }
export type NoiseColour = keyof typeof GENERATORS
const kept = new Map<NoiseColour, Float32Array>()

/** A piece of the kept noise from a random place, from the start again behind its end: thirty times as fast as new noise. */
export function colouredNoise(colour: NoiseColour, length: number, random: Random): Float32Array {
  let whole = kept.get(colour)
  if (!whole) {
    whole = GENERATORS[colour](KEPT, createRandom(`noise/${colour}`))
    kept.set(colour, whole)
  }
  const start = random.int(KEPT)
  const noise = new Float32Array(length)
  for (let done = 0; done < length; ) {
    const from = (start + done) % KEPT
    const piece = whole.subarray(from, Math.min(KEPT, from + length - done))
    noise.set(piece, done)
    done += piece.length
  }
  return noise
}

/** Clips over one another, each from a place of its own and at the same level, repeated to fill the length. */
export function mixClips(length: number, clips: readonly KeptClip[], random: Random): Float32Array {
  const noise = new Float32Array(length)
  for (const { samples } of clips) {
    const start = random.int(Math.max(1, samples.length))
    let energy = 0
    for (const value of samples) energy += value * value
    if (energy === 0) continue
    const level = 1 / Math.sqrt(energy / samples.length)
    for (let i = 0; i < length; i++) noise[i]! += level * samples[(start + i) % samples.length]!
  }
  return noise
}

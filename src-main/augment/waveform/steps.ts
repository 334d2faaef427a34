/**
 * Waveform steps: first all of a clip's steps are drawn, then they are applied in order. A draw tells its values (for
 * a person to read) and which other clips it needs, so that these can be fetched in between.
 */
import { resample } from '../../audio/index.ts'
import type { Random } from '../../kit/index.ts'
import type { NoiseSource, WaveformStep } from '../steps.ts'
import { replaceSound, rootMeanSquare, type Canvas, type KeptClip } from './canvas.ts'
import { applyBiquad, FOURTH_ORDER, highPass, lowPass, peaking } from './filters.ts'
import { convolve } from './fourier.ts'
import { muLaw } from './mu-law.ts'
import { colouredNoise, mixClips } from './noise.ts'
import { roomResponse } from './reverb.ts'
import { changeSpeed } from './sinc-kernel.ts'
import { stretchTime } from './time-stretch.ts'

/** The training clips, from which noise of their own is made. */
export interface ClipPool {
  readonly clips: number
  /** The clips of a label; empty where there is none. */
  labelled(label: string): ArrayLike<number>
}

export interface DrawnStep {
  /** What was drawn: numbers in the step's units. */
  readonly values: Readonly<Record<string, number | string>>
  /** Clips of the pool, by their place in it. */
  readonly needs: readonly number[]
  apply(canvas: Canvas, needed: readonly KeptClip[]): void
}

type Draw<S> = (step: S, random: Random, pool: ClipPool, sampleRate: number) => DrawnStep
type Draws = { readonly [T in WaveformStep['type']]: Draw<Extract<WaveformStep, { type: T }>> }

const drawn = (values: DrawnStep['values'], apply: DrawnStep['apply'], needs: readonly number[] = []): DrawnStep => ({ values, needs, apply })
/** Evenly on a logarithmic scale, so that half as fast is as likely as twice as fast. */
const drawFactor = (largest: number, random: Random): number => Math.exp(random.uniform(-1, 1) * Math.log(largest))
const amplitude = (decibels: number): number => 10 ** (decibels / 20)
const sound = ({ samples, span: [start, end] }: Canvas): Float32Array => samples.subarray(start, end)

const DRAWS: Draws = {
  speed(step, random) {
    const factor = drawFactor(step.factor, random)
    return drawn({ factor }, (canvas) => replaceSound(canvas, changeSpeed(sound(canvas), factor)))
  },
  timeStretch(step, random) {
    const factor = drawFactor(step.factor, random)
    return drawn({ factor }, (canvas) => replaceSound(canvas, stretchTime(sound(canvas), canvas.sampleRate, factor)))
  },
  pitchShift(step, random) {
    const semitones = random.uniform(-step.semitones, step.semitones)
    const factor = 2 ** (semitones / 12)
    // Stretched to as much longer as it is then played faster.
    return drawn({ semitones }, (canvas) => replaceSound(canvas, changeSpeed(stretchTime(sound(canvas), canvas.sampleRate, 1 / factor), factor)))
  },
  timeShift(step, random, _, sampleRate) {
    const seconds = random.uniform(-step.seconds, step.seconds)
    const shift = Math.round(seconds * sampleRate)
    return drawn({ seconds }, (canvas) => (step.mode === 'pad' ? shiftCanvas(canvas, shift) : rollWindow(canvas, shift)))
  },
  gain(step, random) {
    const decibels = random.uniform(step.low, step.high)
    return drawn({ decibels }, ({ samples }) => scale(samples, amplitude(decibels)))
  },
  parametricEqualiser(step, random, _, sampleRate) {
    const highest = 0.45 * sampleRate
    const bands = Array.from({ length: step.bands }, () => ({
      frequency: Math.exp(random.uniform(Math.log(60), Math.log(highest))),
      quality: random.uniform(0.5, 2),
      gain: random.uniform(-step.gain, step.gain),
    }))
    const values = Object.fromEntries(bands.map(({ frequency, gain }) => [`${Math.round(frequency)} Hz`, gain]))
    return drawn(values, ({ samples }) => bands.forEach((b) => applyBiquad(samples, peaking(b.frequency, sampleRate, b.quality, b.gain))))
  },
  bandPass(step, random, _, sampleRate) {
    const highest = 0.49 * sampleRate
    const lowest = Math.min(20, step.lowCut)
    const lowCut = Math.min(highest, Math.exp(random.uniform(Math.log(lowest), Math.log(step.lowCut))))
    const highCut = Math.exp(random.uniform(Math.log(Math.min(step.highCut, highest)), Math.log(highest)))
    return drawn({ lowCut, highCut }, ({ samples }) => bandPass(samples, sampleRate, lowCut, highCut))
  },
  reverb(step, random, _, sampleRate) {
    const rt60 = random.uniform(step.rt60Low, step.rt60High)
    const ratio = random.uniform(step.ratioLow, step.ratioHigh)
    const own = random.fork('room')
    return drawn({ rt60, ratio }, (canvas) => reverberate(canvas, roomResponse(sampleRate, rt60, ratio, own)))
  },
  telephone: () =>
    drawn({}, (canvas) => {
      bandPass(canvas.samples, canvas.sampleRate, TELEPHONE.low, Math.min(TELEPHONE.high, 0.49 * canvas.sampleRate))
      const rate = Math.min(TELEPHONE.rate, canvas.sampleRate)
      const narrow = resample(new Float32Array(canvas.samples), canvas.sampleRate, rate)
      const coded = resample(narrow.map(muLaw), rate, canvas.sampleRate)
      canvas.samples.set(coded.subarray(0, canvas.samples.length))
    }),
  noise(step, random, pool) {
    const source = step.sources[random.int(step.sources.length)]!
    const snr = random.uniform(step.snrLow, step.snrHigh)
    const needs = noiseClips(step, source, random, pool)
    const own = random.fork('noise')
    return drawn({ source, snr }, (canvas, clips) => addNoise(canvas, NOISE[source](canvas.samples.length, own, clips), snr), needs)
  },
}

const TELEPHONE = { low: 300, high: 3400, rate: 8000 } // Hz

const NOISE: Readonly<Record<NoiseSource, (length: number, random: Random, clips: readonly KeptClip[]) => Float32Array>> = {
  white: (length, random) => colouredNoise('white', length, random),
  pink: (length, random) => colouredNoise('pink', length, random),
  brown: (length, random) => colouredNoise('brown', length, random),
  babble: (length, random, clips) => mixClips(length, clips, random),
  clips: (length, random, clips) => mixClips(length, clips, random),
}

function noiseClips(step: Extract<WaveformStep, { type: 'noise' }>, source: NoiseSource, random: Random, pool: ClipPool): number[] {
  if (source === 'babble') return pool.clips === 0 ? [] : Array.from({ length: step.voices }, () => random.int(pool.clips))
  if (source !== 'clips' || step.label === null) return []
  const labelled = pool.labelled(step.label)
  return labelled.length === 0 ? [] : [labelled[random.int(labelled.length)]!]
}

/** Draws one step; `null` where its probability leaves it out. */
export function drawWaveformStep(step: WaveformStep, random: Random, pool: ClipPool, sampleRate: number): DrawnStep | null {
  if (step.probability !== 1 && random.next() >= step.probability) return null
  // The table gives each type the draw of that type.
  return (DRAWS[step.type] as Draw<WaveformStep>)(step, random, pool, sampleRate)
}

function scale(samples: Float32Array, factor: number): void {
  for (let i = 0; i < samples.length; i++) samples[i]! *= factor
}

function shiftCanvas(canvas: Canvas, shift: number): void {
  const { samples, span: [start, end] } = canvas
  const size = samples.length
  samples.copyWithin(Math.max(0, shift), Math.max(0, -shift), Math.min(size, size - shift))
  if (shift > 0) samples.fill(0, 0, Math.min(size, shift))
  else samples.fill(0, Math.max(0, size + shift))
  const first = Math.min(size - 1, Math.max(0, start + shift))
  canvas.span = [first, Math.min(size, Math.max(first + 1, end + shift))]
}

/** Turns the window round; what is valid then may lie at both ends, so all of it counts as sound. */
function rollWindow(canvas: Canvas, shift: number): void {
  const { samples, window, length } = canvas
  const turned = samples.slice(window, window + length)
  for (let i = 0; i < length; i++) samples[window + ((((i + shift) % length) + length) % length)] = turned[i]!
  const [start, end] = canvas.span
  const inside = start + shift >= window && end + shift <= window + length
  canvas.span = inside ? [start + shift, end + shift] : [window, window + length]
}

/** Fourth-order Butterworth at both ends. */
function bandPass(samples: Float32Array, sampleRate: number, low: number, high: number): void {
  for (const quality of FOURTH_ORDER) {
    applyBiquad(samples, highPass(low, sampleRate, quality))
    applyBiquad(samples, lowPass(high, sampleRate, quality))
  }
}

/** The reverberation rings on behind the clip's end; the level of the clip's own span stays what it was. */
function reverberate({ samples, span: [start, end] }: Canvas, response: Float32Array): void {
  const before = rootMeanSquare(samples, start, end)
  const wet = convolve(samples.subarray(start, end), response.subarray(0, samples.length - start))
  const level = rootMeanSquare(wet, 0, end - start)
  if (level === 0) return
  const last = Math.min(samples.length, start + wet.length)
  samples.fill(0, start, end)
  for (let i = start; i < last; i++) samples[i]! += (before / level) * wet[i - start]!
}

/** Over the whole canvas, at a level measured on the clip's own span; a silent clip stays silent. */
function addNoise({ samples, span: [start, end] }: Canvas, noise: Float32Array, snr: number): void {
  const level = rootMeanSquare(noise)
  if (level === 0) return
  const factor = rootMeanSquare(samples, start, end) / amplitude(snr) / level
  for (let i = 0; i < samples.length; i++) samples[i]! += factor * noise[i]!
}

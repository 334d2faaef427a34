/**
 * Temperature scaling (Guo, Pleiss, Sun and Weinberger 2017, "On Calibration of Modern Neural Networks", section 4.2): one
 * number T > 0 that divides all logits. It changes how sure the network says it is, never what it recognises. T is the
 * one with the lowest negative log likelihood on the validation clips; test clips are only ever scaled by it.
 * Probabilities serve as well as logits: their logarithms differ from them by a constant a row, which softmax drops.
 */
import { assert } from '../../kit/index.ts'
import { expectedCalibrationError, negativeLogLikelihoods } from './calibration.ts'
import { mostProbable } from './classification.ts'

/** Where every validation clip is right, no T is small enough: the search ends here. */
export const TEMPERATURE_RANGE = [0.05, 20] as const
const SMALLEST = 1e-38
const HALVINGS = 60

const logarithms = (probabilities: Float32Array): Float64Array => Float64Array.from(probabilities, (p) => Math.log(Math.max(SMALLEST, p)))

/** Derivative of the mean negative log likelihood by β = 1/T: mean over clips of E_softmax(βz)[z] − z of the true class. */
function slope(logits: Float64Array, truth: ArrayLike<number>, classes: number, beta: number): number {
  let sum = 0
  for (let i = 0; i < truth.length; i++) {
    const at = i * classes
    let largest = -Infinity
    for (let k = 0; k < classes; k++) largest = Math.max(largest, logits[at + k]!)
    let weight = 0
    let mean = 0
    for (let k = 0; k < classes; k++) {
      const w = Math.exp(beta * (logits[at + k]! - largest))
      weight += w
      mean += w * logits[at + k]!
    }
    sum += mean / weight - logits[at + truth[i]!]!
  }
  return sum / truth.length
}

/** The likelihood is concave in β, so its slope is zero at one place: found by halving log β. */
export function fitTemperature(truth: ArrayLike<number>, probabilities: Float32Array, classes: number): number {
  assert(truth.length > 0 && probabilities.length === truth.length * classes, 'one probability for each clip and class')
  const logits = logarithms(probabilities)
  let low = -Math.log(TEMPERATURE_RANGE[1])
  let high = -Math.log(TEMPERATURE_RANGE[0])
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2
    if (slope(logits, truth, classes, Math.exp(middle)) < 0) low = middle
    else high = middle
  }
  return Math.exp(-(low + high) / 2)
}

/** softmax(log p / T) of each row. */
export function applyTemperature(probabilities: Float32Array, classes: number, temperature: number): Float32Array {
  const scaled = new Float32Array(probabilities.length)
  for (let at = 0; at < probabilities.length; at += classes) {
    let largest = 0
    for (let k = 0; k < classes; k++) largest = Math.max(largest, probabilities[at + k]!)
    const top = Math.log(Math.max(SMALLEST, largest))
    let sum = 0
    for (let k = 0; k < classes; k++) sum += scaled[at + k] = Math.exp((Math.log(Math.max(SMALLEST, probabilities[at + k]!)) - top) / temperature)
    for (let k = 0; k < classes; k++) scaled[at + k]! /= sum
  }
  return scaled
}

export interface CalibrationMeasures {
  readonly expectedCalibrationError: number
  /** Mean, nats. */
  readonly negativeLogLikelihood: number
}

/** What scaling did on one side of the split. */
export interface ScaledSide {
  readonly before: CalibrationMeasures
  readonly after: CalibrationMeasures
}

export interface Calibration {
  /** Fitted on the validation clips. */
  readonly temperature: number
  readonly validation: ScaledSide
  readonly test: ScaledSide | null
}

export interface ScoredClips {
  /** The true class of each clip. */
  readonly truth: ArrayLike<number>
  /** [clip, class] */
  readonly probabilities: Float32Array
}

/** Null without validation clips: there is nothing that the temperature could be fitted on. */
export function calibrate(classes: number, validation: ScoredClips | null, test: ScoredClips | null): Calibration | null {
  if (!validation || validation.truth.length === 0) return null
  const temperature = fitTemperature(validation.truth, validation.probabilities, classes)
  const measured = ({ truth, probabilities }: ScoredClips): CalibrationMeasures => ({
    expectedCalibrationError: expectedCalibrationError(truth, mostProbable(probabilities, classes), probabilities, classes),
    negativeLogLikelihood: negativeLogLikelihoods(truth, probabilities, classes).reduce((a, b) => a + b, 0) / truth.length,
  })
  const scaled = (side: ScoredClips): ScaledSide => ({
    before: measured(side),
    after: measured({ truth: side.truth, probabilities: applyTemperature(side.probabilities, classes, temperature) }),
  })
  return { temperature, validation: scaled(validation), test: test && test.truth.length > 0 ? scaled(test) : null }
}

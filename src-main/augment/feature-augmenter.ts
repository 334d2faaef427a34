/** Applies a policy's feature steps: masks and warps stay inside the columns that hold signal. */
import type { FrameSpan } from '../features/index.ts'
import { assert, type Random } from '../kit/index.ts'
import { stages, type AugmentPolicy } from './policy.ts'
import type { FeatureStep } from './steps.ts'
import { affineSpan, applyAffine, drawAffine } from './affine.ts'
import { equalise, raiseFloor } from './spectrum.ts'
import { createWarpFields, drawWarp, warpTime, type WarpFields } from './time-warp.ts'

/** [channels, height, width] of one clip's features. */
export type FeatureShape = readonly [channels: number, height: number, width: number]

/**
 * Augments a batch [clips, channels, height, width]: every clip draws its own masks from `random`, in order.
 * `valid` holds one span of columns for each clip. The result is written to `out` (a new array unless given);
 * the input is never changed.
 */
export type Augmenter = (features: Float32Array, valid: readonly FrameSpan[], random: Random, out?: Float32Array) => Float32Array

/** What one clip's steps share. */
interface ClipState {
  readonly image: Float32Array
  readonly shape: FeatureShape
  /** Columns that hold signal; moves with it. */
  span: FrameSpan
  readonly fields: WarpFields
  /** Mean of the valid part before the first mask, measured when it is first needed. */
  mean: number | null
}

/** Told which step of the policy changes which clip of the batch. */
export type StepObserver = (clip: number, step: number) => void

export function createAugmenter(policy: AugmentPolicy, shape: FeatureShape, observe?: StepObserver): Augmenter {
  const size = shape[0] * shape[1] * shape[2]
  const steps = stages(policy).feature
  const fields = createWarpFields()
  return (features, valid, random, out = new Float32Array(features.length)) => {
    assert(features.length === valid.length * size && out.length === features.length, `${features.length} values for ${valid.length} clips of ${size}`)
    assert(out !== features, 'augmentation never changes its input')
    out.set(features)
    valid.forEach((span, i) => {
      assert(span[0] >= 0 && span[0] <= span[1] && span[1] <= shape[2], `valid columns [${span.join(', ')}) of ${shape[2]}`)
      if (span[0] === span[1]) return
      const state: ClipState = { image: out.subarray(i * size, (i + 1) * size), shape, span, fields, mean: null }
      for (const { step, index } of steps) {
        if (step.probability !== 1 && random.next() >= step.probability) continue
        applyStep(state, step, random)
        observe?.(i, index)
      }
    })
    return out
  }
}

/** One clip, one call: for previews and tests. Returns a new array. */
export const specAugment = (features: Float32Array, shape: FeatureShape, valid: FrameSpan, policy: AugmentPolicy, random: Random): Float32Array =>
  createAugmenter(policy, shape)(features, [valid], random)

function applyStep(state: ClipState, step: FeatureStep, random: Random): void {
  const [, height, width] = state.shape
  const [start, end] = state.span
  if (step.type === 'timeWarp') {
    const warp = drawWarp(end - start, step.width, random)
    if (warp) warpTime(state.image, height, width, state.span, warp, state.fields)
    return
  }
  if (step.type === 'affine') {
    const affine = drawAffine(step, random)
    applyAffine(state.image, height, width, state.span, affine)
    state.span = affineSpan(state.span, width, affine)
    return
  }
  if (step.type === 'equalise') return equalise(state.image, height, width, step.deviation, random)
  if (step.type === 'noiseFloor') return raiseFloor(state.image, random.uniform(step.low, step.high))
  const value = step.fill === 'zero' ? 0 : (state.mean ??= meanOf(state))
  for (let n = 0; n < step.count; n++) {
    if (step.type === 'frequencyMask') {
      const [from, to] = drawMask(height, step.width, random)
      fillRows(state, from, to, start, end, value)
    } else {
      const frames = end - start
      const [from, to] = drawMask(frames, Math.min(step.width, Math.floor(step.maxFraction * frames)), random)
      fillRows(state, 0, height, start + from, start + to, value)
    }
  }
}

/** Width uniform in {0 … widest}, start uniform in {0 … length − width − 1}; a mask over everything starts at 0. */
function drawMask(length: number, widest: number, random: Random): readonly [number, number] {
  const width = random.int(Math.min(widest, length) + 1)
  const start = width === length ? 0 : random.int(length - width)
  return [start, start + width]
}

/** Fills bins [fromRow, toRow) × columns [from, to) of every channel. */
function fillRows({ image, shape: [channels, height, width] }: ClipState, fromRow: number, toRow: number, from: number, to: number, value: number): void {
  if (from === to) return
  for (let c = 0; c < channels; c++) {
    for (let row = c * height + fromRow; row < c * height + toRow; row++) image.fill(value, row * width + from, row * width + to)
  }
}

function meanOf({ image, shape: [, , width], span: [start, end] }: ClipState): number {
  let sum = 0
  for (let at = 0; at < image.length; at += width) for (let i = at + start; i < at + end; i++) sum += image[i]!
  return sum / ((image.length / width) * (end - start))
}

/** A policy's waveform steps on one clip: draw, fetch, apply, cut the window out. */
import type { FrameSpan, FrontEndConfig } from '../../features/index.ts'
import type { Random } from '../../kit/index.ts'
import { stages, type AugmentPolicy } from '../policy.ts'
import { createCanvas, cutWindow, type KeptClip } from './canvas.ts'
import { drawWaveformStep, type ClipPool, type DrawnStep } from './steps.ts'

/** A step that was taken: its place in the policy and what was drawn. */
export interface TakenStep {
  readonly index: number
  readonly values: DrawnStep['values']
}

export interface AugmentedSound {
  /** The front end's window. */
  readonly samples: Float32Array
  /** The clip's own sound in it, [start, end) in samples. */
  readonly span: FrameSpan
  readonly taken: readonly TakenStep[]
}

export interface WaveformDraw {
  /** The clips of the pool that `apply` asks for. */
  readonly needs: readonly number[]
  apply(clip: KeptClip, fetched: (clip: number) => KeptClip): AugmentedSound
}

export type WaveformAugmenter = (random: Random) => WaveformDraw

export function createWaveformAugmenter(policy: AugmentPolicy, frontEnd: FrontEndConfig, pool: ClipPool): WaveformAugmenter {
  const steps = stages(policy).waveform
  return (random) => {
    const draws = steps.flatMap(({ step, index }) => {
      const draw = drawWaveformStep(step, random, pool, frontEnd.sampleRate)
      return draw ? [{ index, draw }] : []
    })
    return {
      needs: draws.flatMap(({ draw }) => draw.needs),
      apply(clip, fetched) {
        const canvas = createCanvas(clip, frontEnd)
        // A clip without a sample has nothing to change.
        if (clip.samples.length > 0) for (const { draw } of draws) draw.apply(canvas, draw.needs.map(fetched))
        return { ...cutWindow(canvas), taken: draws.map(({ index, draw }) => ({ index, values: draw.values })) }
      },
    }
  }
}

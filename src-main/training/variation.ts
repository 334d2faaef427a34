/**
 * Clips as a training sees them in a pass: waveform steps, front end, normalisation, feature steps. The threads that
 * make batches and the preview both use this, so that what is shown is what is trained on.
 */
import { createAugmenter, createWaveformAugmenter, variantOf, type AugmentedSound, type AugmentPolicy, type ClipPool, type KeptClip } from '../augment/index.ts'
import {
  applyNormalisation, computeFeatures, frontEndShape, spanFrames, type DatasetNormalisation, type FrameSpan, type FrontEndConfig, type FrontEndRunner,
} from '../features/index.ts'
import { featureRandom, waveformRandom } from './batch-maker.ts'

/** A clip (its place among the training clips) in a pass. */
export interface ClipPlace {
  readonly clip: number
  readonly pass: number
}

export interface VariationOptions {
  readonly frontEnd: FrontEndConfig
  readonly policy: AugmentPolicy
  readonly normalisation: DatasetNormalisation | null
  readonly seed: number
  readonly pool: ClipPool
  /** The samples of a training clip at the front end's rate. */
  readonly clip: (clip: number) => KeptClip
  readonly run: FrontEndRunner
}

/** A variant of a clip's sound, and its features before the feature steps. */
export interface Variant {
  readonly sound: AugmentedSound
  /** [channel · height · width], normalised. */
  readonly features: Float32Array
  /** The columns that hold the clip's own sound. */
  readonly frames: FrameSpan
}

export interface Variations {
  /** Clips that `variants` will ask for beside the one itself. */
  needs(place: ClipPlace): readonly number[]
  variants(places: readonly ClipPlace[]): Promise<Variant[]>
  /** Writes the features as the place's pass sees them to `out`; returns which feature steps were taken, by their place in the policy. */
  finish(place: ClipPlace, variant: Pick<Variant, 'features' | 'frames'>, out: Float32Array): readonly number[]
}

export function createVariations(options: VariationOptions): Variations {
  const { frontEnd, policy, normalisation, seed, pool, run } = options
  const waveform = createWaveformAugmenter(policy, frontEnd, pool)
  let taken: number[] = []
  const augment = createAugmenter(policy, frontEndShape(frontEnd), (_, step) => taken.push(step))
  const draw = ({ pass, clip }: ClipPlace) => waveform(waveformRandom(seed, variantOf(policy, clip, pass), clip))
  return {
    needs: (place) => draw(place).needs,
    async variants(places) {
      const sounds = places.map((place) => draw(place).apply(options.clip(place.clip), options.clip))
      const made = await computeFeatures(sounds.map((s) => s.samples), frontEnd, run)
      return sounds.map((sound, i) => ({
        sound,
        features: normalisation ? applyNormalisation(frontEnd, made[i]!, normalisation) : made[i]!,
        frames: spanFrames(frontEnd, sound.span),
      }))
    },
    finish({ pass, clip }, { features, frames }, out) {
      taken = []
      augment(features, [frames], featureRandom(seed, pass, clip), out)
      return taken
    },
  }
}

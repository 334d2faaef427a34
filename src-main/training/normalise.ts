/** Dataset normalisation of prepared clips, where the front end asks for it. */
import { applyNormalisation, measureNormalisation, type DatasetNormalisation, type FrontEndConfig } from '../features/index.ts'
import { assert } from '../kit/index.ts'

/** Measured on the training clips alone; null where the front end asks for none. */
export const measureTraining = (frontEnd: FrontEndConfig, training: readonly { readonly features: Float32Array }[]): DatasetNormalisation | null =>
  frontEnd.normalise === 'dataset' ? measureNormalisation(frontEnd, training.map((t) => t.features)) : null

export function normaliseClips<T extends { readonly features: Float32Array }>(
  frontEnd: FrontEndConfig,
  clips: readonly T[],
  normalisation: DatasetNormalisation | null,
): readonly T[] {
  if (frontEnd.normalise !== 'dataset') return clips
  assert(normalisation, 'a front end with dataset normalisation comes with its mean and deviation')
  return clips.map((clip) => ({ ...clip, features: applyNormalisation(frontEnd, clip.features, normalisation) }))
}

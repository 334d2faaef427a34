/** The layer types. A type in the layer list without an entry here does not compile. */
import { activationKinds } from './activation.ts'
import { selfAttentionKind } from './attention.ts'
import { conv1dKind, conv2dKind } from './convolution.ts'
import { dropoutKind } from './dropout.ts'
import type { LayerKind } from './layer.ts'
import { flattenKind, linearKind } from './linear.ts'
import { batchNormKind, layerNormKind, subSpectralNormKind } from './normalisation.ts'
import { avgPoolKind, frequencyAvgPoolKind, globalAvgPoolKind, globalMaxPoolKind, maxPoolKind, trainableAvgPoolKind } from './pooling.ts'
import { gruKind, lstmKind } from './recurrent.ts'
import { classTokenKind, firstFrameKind, positionsKind } from './sequence.ts'
import type { LeafType } from './spec.ts'

export const LAYERS: { readonly [T in LeafType]: LayerKind<T> } = {
  conv2d: conv2dKind,
  conv1d: conv1dKind,
  linear: linearKind,
  flatten: flattenKind,
  batchNorm: batchNormKind,
  layerNorm: layerNormKind,
  subSpectralNorm: subSpectralNormKind,
  maxPool: maxPoolKind,
  avgPool: avgPoolKind,
  trainableAvgPool: trainableAvgPoolKind,
  globalAvgPool: globalAvgPoolKind,
  globalMaxPool: globalMaxPoolKind,
  frequencyAvgPool: frequencyAvgPoolKind,
  dropout: dropoutKind,
  ...activationKinds,
  gru: gruKind,
  lstm: lstmKind,
  selfAttention: selfAttentionKind,
  positions: positionsKind,
  classToken: classTokenKind,
  firstFrame: firstFrameKind,
}

/** The layer types. A type in the layer list without an entry here does not compile. */
import { activationKinds } from './activation.ts'
import { conv1dKind, conv2dKind } from './convolution.ts'
import { dropoutKind } from './dropout.ts'
import type { LayerKind } from './layer.ts'
import { flattenKind, linearKind } from './linear.ts'
import { batchNormKind, layerNormKind } from './normalisation.ts'
import { avgPoolKind, globalAvgPoolKind, globalMaxPoolKind, maxPoolKind, trainableAvgPoolKind } from './pooling.ts'
import { gruKind, lstmKind } from './recurrent.ts'
import type { LeafType } from './spec.ts'

export const LAYERS: { readonly [T in LeafType]: LayerKind<T> } = {
  conv2d: conv2dKind,
  conv1d: conv1dKind,
  linear: linearKind,
  flatten: flattenKind,
  batchNorm: batchNormKind,
  layerNorm: layerNormKind,
  maxPool: maxPoolKind,
  avgPool: avgPoolKind,
  trainableAvgPool: trainableAvgPoolKind,
  globalAvgPool: globalAvgPoolKind,
  globalMaxPool: globalMaxPoolKind,
  dropout: dropoutKind,
  ...activationKinds,
  gru: gruKind,
  lstm: lstmKind,
}

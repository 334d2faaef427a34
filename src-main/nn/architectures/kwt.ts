import type { LayerSpec } from '../layers/spec.ts'
import type { Architecture } from '../network.ts'

/** Attention and a perceptron of two layers for each frame, normalised after each addition (PostNorm). */
const block = (features: number, heads: number): LayerSpec[] => [
  { type: 'residual', body: [{ type: 'selfAttention', heads }] },
  { type: 'layerNorm', over: 'frame' },
  {
    type: 'residual',
    body: [
      { type: 'conv1d', filters: 4 * features, kernel: 1 },
      { type: 'gelu' },
      { type: 'conv1d', filters: features, kernel: 1 },
    ],
  },
  { type: 'layerNorm', over: 'frame' },
]

/**
 * Keyword Transformer: every frame is a patch, and a head has 64 features. A conv1d of kernel 1 is a linear layer for
 * each frame. Sizes at 98 frames of 40 coefficients and 12 classes.
 */
function kwt(heads: number, publishedParameters: number): Architecture {
  const features = 64 * heads
  return {
    name: `kwt-${heads}`,
    title: `Keyword Transformer, KWT-${heads}`,
    paper: 'Berg, O’Connor and Cruz: Keyword Transformer: A Self-Attention Model for Keyword Spotting, 2021',
    publishedParameters,
    publishedInput: [1, 40, 98],
    input: 'any',
    layers: [
      { type: 'conv1d', name: 'patches', filters: features, kernel: 1 },
      { type: 'classToken' },
      { type: 'positions' },
      ...Array.from({ length: 12 }, () => block(features, heads)).flat(),
      { type: 'firstFrame' },
      { type: 'linear', units: 'classes' },
    ],
  }
}

export const kwts = [kwt(1, 607_000), kwt(2, 2_394_000), kwt(3, 5_361_000)]

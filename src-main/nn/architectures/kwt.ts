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
 * Keyword Transformer: every frame is a patch. A conv1d of kernel 1 is a linear layer for each frame. KWT-1 has
 * 607,308 parameters for 98 frames of 40 coefficients and 12 classes, the paper's 607k.
 */
export const kwt1: Architecture = {
  name: 'kwt-1',
  title: 'Keyword Transformer, KWT-1',
  paper: 'Berg, O’Connor and Cruz: Keyword Transformer: A Self-Attention Model for Keyword Spotting, 2021',
  publishedParameters: 607_000,
  publishedInput: [1, 40, 98],
  input: 'any',
  layers: [
    { type: 'conv1d', name: 'patches', filters: 64, kernel: 1 },
    { type: 'classToken' },
    { type: 'positions' },
    ...Array.from({ length: 12 }, () => block(64, 1)).flat(),
    { type: 'firstFrame' },
    { type: 'linear', units: 'classes' },
  ],
}

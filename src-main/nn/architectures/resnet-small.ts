import type { LayerSpec } from '../layers/spec.ts'
import type { Architecture } from '../network.ts'

/** Two convolutions of 3×3 that halve the picture, beside a shortcut of 1×1. */
const block = (filters: number): LayerSpec[] => [
  {
    type: 'residual',
    body: [
      { type: 'conv2d', filters, kernel: 3, stride: 2, padding: 1, bias: false },
      { type: 'batchNorm' },
      { type: 'relu' },
      { type: 'conv2d', filters, kernel: 3, padding: 1, bias: false },
      { type: 'batchNorm' },
    ],
    shortcut: [{ type: 'conv2d', filters, kernel: 1, stride: 2, bias: false }, { type: 'batchNorm' }],
  },
  { type: 'relu' },
]

/** A small residual network over log-mel spectrograms of about 64×64, for speakers that were not heard in training. */
export const resnetSmall: Architecture = {
  name: 'resnet-small',
  title: 'A small residual network for 64×64',
  paper: 'After He, Zhang, Ren and Sun: Deep Residual Learning for Image Recognition, 2015',
  input: 'any',
  layers: [
    { type: 'conv2d', filters: 24, kernel: 5, stride: 2, padding: 2, bias: false },
    { type: 'batchNorm' },
    { type: 'relu' },
    ...block(32),
    ...block(64),
    ...block(128),
    { type: 'globalAvgPool' },
    { type: 'dropout', rate: 0.2 },
    { type: 'linear', units: 'classes' },
  ],
}

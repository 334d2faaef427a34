import type { LayerSpec } from '../layers/spec.ts'
import type { Architecture } from '../network.ts'

/** Two convolutions of 3×3 beside a shortcut, which is the input where its channels fit. */
const block = (filters: number, narrower: boolean): LayerSpec[] => [
  {
    type: 'residual',
    body: [
      { type: 'conv2d', filters, kernel: 3, stride: narrower ? 2 : 1, padding: 1, bias: false },
      { type: 'batchNorm' },
      { type: 'relu' },
      { type: 'conv2d', filters, kernel: 3, padding: 1, bias: false },
      { type: 'batchNorm' },
    ],
    ...(narrower ? { shortcut: [{ type: 'conv2d', filters, kernel: 1, stride: 2, bias: false }, { type: 'batchNorm' }] satisfies LayerSpec[] } : {}),
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
    { type: 'conv2d', filters: 24, kernel: 3, stride: 2, padding: 1, bias: false },
    { type: 'batchNorm' },
    { type: 'relu' },
    ...block(24, false),
    ...block(48, true),
    ...block(96, true),
    { type: 'globalAvgPool' },
    { type: 'dropout', rate: 0.2 },
    { type: 'linear', units: 'classes' },
  ],
}

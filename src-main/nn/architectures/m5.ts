import type { LayerSpec } from '../layers/spec.ts'
import type { Architecture } from '../network.ts'

const block = (filters: number, kernel: number, stride: number): LayerSpec[] => [
  { type: 'conv1d', filters, kernel, stride, padding: 'same', bias: false },
  { type: 'batchNorm' },
  { type: 'relu' },
  { type: 'maxPool', kernel: [1, 4] },
]

/**
 * Convolutions on the samples themselves: the first kernel spans 10 ms at 8 kHz. 558,090 parameters at 10 classes; the
 * paper gives 0.5M.
 */
export const m5: Architecture = {
  name: 'm5',
  title: 'M5, on raw samples',
  paper: 'Dai, Dai, Qu, Li and Das: Very Deep Convolutional Neural Networks for Raw Waveforms, 2016',
  publishedParameters: 500_000,
  publishedInput: [1, 1, 32_000],
  input: 'any',
  layers: [
    ...block(128, 80, 4),
    ...block(128, 3, 1),
    ...block(256, 3, 1),
    ...block(512, 3, 1),
    { type: 'globalAvgPool' },
    { type: 'linear', units: 'classes' },
  ],
}

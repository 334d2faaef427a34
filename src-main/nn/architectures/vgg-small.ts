import type { LayerSpec } from '../layers/spec.ts'
import type { Architecture } from '../network.ts'

/** Two convolutions of 3×3 and a pool that halves the picture. */
const block = (filters: number): LayerSpec[] => [
  { type: 'conv2d', filters, kernel: 3, padding: 1, bias: false },
  { type: 'batchNorm' },
  { type: 'relu' },
  { type: 'conv2d', filters, kernel: 3, padding: 1, bias: false },
  { type: 'batchNorm' },
  { type: 'relu' },
  { type: 'maxPool', kernel: 2 },
]

/** VGG's pattern (3×3 kernels only, twice the filters after each pool) with batch normalisation, an eighth as wide. */
export const vggSmall: Architecture = {
  name: 'vgg-small',
  title: 'A small VGG',
  paper: 'After Simonyan and Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014',
  input: 'any',
  layers: [
    ...block(16),
    ...block(32),
    ...block(64),
    ...block(128),
    { type: 'flatten' },
    { type: 'linear', units: 256 },
    { type: 'relu' },
    { type: 'dropout', rate: 0.5 },
    { type: 'linear', units: 'classes' },
  ],
}

import type { LayerSpec } from '../layers/spec.ts'
import type { Architecture } from '../network.ts'

/** A convolution along time for each channel, then a mixture of the channels at each frame. */
const separable = (channels: number, filters: number, kernel: number, more: { stride?: number; dilation?: number } = {}): LayerSpec[] => [
  { type: 'conv1d', filters: channels, kernel, padding: 'same', groups: channels, bias: false, ...more },
  { type: 'conv1d', filters, kernel: 1, bias: false },
  { type: 'batchNorm' },
]

const activated: LayerSpec[] = [{ type: 'relu' }, { type: 'dropout', rate: 0.1 }]

/** B blocks of R = 1: one separable convolution of C = 64 channels beside a 1×1 shortcut. */
const block = (channels: number, kernel: number): LayerSpec[] => [
  {
    type: 'residual',
    body: separable(channels, 64, kernel),
    shortcut: [{ type: 'conv1d', filters: 64, kernel: 1, bias: false }, { type: 'batchNorm' }],
  },
  ...activated,
]

/**
 * B = 3, R = 1, C = 64, over 64 coefficients. 77,214 parameters at 30 classes (the 77k of the paper, which are those of
 * Speech Commands' first version); the running statistics are not counted. The paper's last convolution of one frame
 * and the average over the frames behind it are written the other way round, which computes the same.
 */
export const matchboxnet: Architecture = {
  name: 'matchboxnet-3x1x64',
  title: 'MatchboxNet 3×1×64',
  paper: 'Majumdar and Ginsburg: MatchboxNet: 1D Time-Channel Separable Convolutional Neural Network Architecture for Speech Commands Recognition, 2020',
  publishedParameters: 77_000,
  publishedInput: [1, 64, 128],
  input: 'any',
  layers: [
    ...separable(64, 128, 11, { stride: 2 }),
    ...activated,
    ...block(128, 13),
    ...block(64, 15),
    ...block(64, 17),
    ...separable(64, 128, 29, { dilation: 2 }),
    ...activated,
    { type: 'conv1d', filters: 128, kernel: 1, bias: false },
    { type: 'batchNorm' },
    ...activated,
    { type: 'globalAvgPool' },
    { type: 'linear', units: 'classes' },
  ],
}

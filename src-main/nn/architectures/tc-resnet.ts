import type { LayerSpec } from '../layers/spec.ts'
import type { Architecture } from '../network.ts'

/** Two convolutions of nine frames beside a shortcut, which is the input where its channels fit. */
const block = (filters: number, narrower: boolean): LayerSpec[] => [
  {
    type: 'residual',
    body: [
      { type: 'conv1d', filters, kernel: 9, stride: narrower ? 2 : 1, padding: 'same', bias: false },
      { type: 'batchNorm' },
      { type: 'relu' },
      { type: 'conv1d', filters, kernel: 9, padding: 'same', bias: false },
      { type: 'batchNorm' },
    ],
    ...(narrower
      ? { shortcut: [{ type: 'conv1d', filters, kernel: 1, stride: 2, bias: false }, { type: 'batchNorm' }, { type: 'relu' }] satisfies LayerSpec[] }
      : {}),
  },
  { type: 'relu' },
]

/**
 * All frequencies are channels and every convolution is along time. The published sizes (66k, 137k and, 1.5 times as
 * wide, 305k, at 40 coefficients and 12 classes) count the running statistics of batch normalisation among the
 * parameters; without them there are 65,180, 135,868 and 303,012.
 */
function tcResnet(name: string, title: string, publishedParameters: number, first: number, blocks: readonly number[]): Architecture {
  return {
    name,
    title,
    paper: 'Choi, Seo, Shin, Byun, Kersner, Kim, Kim and Ha: Temporal Convolution for Real-time Keyword Spotting on Mobile Devices, 2019',
    publishedParameters,
    publishedInput: [1, 40, 101],
    input: 'any',
    layers: [
      { type: 'conv1d', filters: first, kernel: 3, padding: 'same', bias: false },
      { type: 'batchNorm' },
      { type: 'relu' },
      ...blocks.flatMap((filters, i) => block(filters, filters !== (blocks[i - 1] ?? first))),
      { type: 'globalAvgPool' },
      { type: 'dropout', rate: 0.5 },
      { type: 'linear', units: 'classes' },
    ],
  }
}

export const tcResnets = [
  tcResnet('tc-resnet8', 'TC-ResNet8', 66_000, 16, [24, 32, 48]),
  tcResnet('tc-resnet14', 'TC-ResNet14', 137_000, 16, [24, 24, 32, 32, 48, 48]),
  tcResnet('tc-resnet14-1.5', 'TC-ResNet14, 1.5 times as wide', 305_000, 24, [36, 36, 48, 48, 72, 72]),
]

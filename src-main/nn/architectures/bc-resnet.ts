import type { LayerSpec } from '../layers/spec.ts'
import type { Architecture } from '../network.ts'

interface BlockSettings {
  readonly filters: number
  /** A kernel of one place brings the channels to the block's number; such a block has no shortcut around it. */
  readonly transition: boolean
  /** Along the frequencies. */
  readonly stride: number
  /** Along time. */
  readonly dilation: number
}

/**
 * Broadcasted residual learning: f2, over frequencies, gives [channel, frequency, frame]; its mean over the
 * frequencies goes through f1, along time, and is added back at every frequency.
 */
function block({ filters, transition, stride, dilation }: BlockSettings): LayerSpec[] {
  const f2: LayerSpec[] = [
    ...(transition ? ([{ type: 'conv2d', filters, kernel: 1, bias: false }, { type: 'batchNorm' }, { type: 'relu' }] satisfies LayerSpec[]) : []),
    { type: 'conv2d', filters, kernel: [3, 1], stride: [stride, 1], padding: [1, 0, 1, 0], groups: filters, bias: false },
    { type: 'subSpectralNorm', bands: 5 },
  ]
  const f1: LayerSpec = {
    type: 'residual',
    broadcast: 'frequency',
    body: [
      { type: 'frequencyAvgPool' },
      { type: 'conv2d', filters, kernel: [1, 3], padding: [0, dilation, 0, dilation], dilation: [1, dilation], groups: filters, bias: false },
      { type: 'batchNorm' },
      { type: 'silu' },
      { type: 'conv2d', filters, kernel: 1, bias: false },
      { type: 'dropout', rate: 0.1, channels: true },
    ],
  }
  return [...(transition ? [...f2, f1] : ([{ type: 'residual', body: [...f2, f1] }] satisfies LayerSpec[])), { type: 'relu' }]
}

/** A transition, then blocks that keep the shape. */
const stage = (filters: number, blocks: number, stride: number, dilation: number): LayerSpec[] => [
  ...block({ filters, transition: true, stride, dilation }),
  ...Array.from({ length: blocks - 1 }, () => block({ filters, transition: false, stride: 1, dilation })).flat(),
]

/**
 * 40 frequencies are halved to 20, 10 and 5, which the last depthwise kernel covers; five bands of sub-spectral
 * normalisation need heights that 5 divides. Sizes at 12 classes; the running statistics are not counted.
 */
function bcResnet(width: number, publishedParameters: number): Architecture {
  const base = 8 * width
  return {
    name: `bc-resnet-${width}`,
    title: `BC-ResNet-${width}`,
    paper: 'Kim, Chang, Lee and Sung: Broadcasted Residual Learning for Efficient Keyword Spotting, 2021',
    publishedParameters,
    publishedInput: [1, 40, 101],
    input: 'any',
    layers: [
      { type: 'conv2d', filters: 2 * base, kernel: 5, stride: [2, 1], padding: 2, bias: false },
      { type: 'batchNorm' },
      { type: 'relu' },
      ...stage(base, 2, 1, 1),
      ...stage(1.5 * base, 2, 2, 2),
      ...stage(2 * base, 4, 2, 4),
      ...stage(2.5 * base, 4, 1, 8),
      { type: 'conv2d', filters: 2.5 * base, kernel: 5, padding: [0, 2, 0, 2], groups: 2.5 * base, bias: false },
      { type: 'conv2d', filters: 4 * base, kernel: 1, bias: false },
      { type: 'batchNorm' },
      { type: 'relu' },
      { type: 'globalAvgPool' },
      { type: 'linear', units: 'classes' },
    ],
  }
}

export const bcResnets = [bcResnet(1, 9_200), bcResnet(1.5, 17_200), bcResnet(2, 27_300), bcResnet(3, 54_200), bcResnet(6, 188_000), bcResnet(8, 321_000)]

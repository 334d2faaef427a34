import type { LayerSpec } from '../layers/spec.ts'
import type { Architecture } from '../network.ts'

/** A kernel for each channel, then a mixture of the channels at each place. */
const separable = (filters: number, stride: number): LayerSpec[] => [
  { type: 'conv2d', filters, kernel: 3, stride, padding: 'same', groups: filters, bias: false },
  { type: 'batchNorm' },
  { type: 'relu' },
  { type: 'conv2d', filters, kernel: 1, bias: false },
  { type: 'batchNorm' },
  { type: 'relu' },
]

/**
 * The paper reads 10 coefficients in 49 frames, here 1×10×49: its kernels of 10 frames by 4 coefficients and strides
 * (frames first) are turned accordingly. It gives no parameter counts but the bytes of 8-bit weights and the two
 * largest neighbouring activations: 38.6, 189.2 and 497.6 kB for 12 classes. With batch normalisation folded into the
 * convolutions these are exactly 22,604, 135,032 and 410,700 weights. In training each channel has a scale too.
 */
function dsCnn(size: string, publishedParameters: number, filters: number, stride: readonly [number, number], separables: readonly number[]): Architecture {
  return {
    name: `ds-cnn-${size.toLowerCase()}`,
    title: `DS-CNN-${size}`,
    paper: 'Zhang, Suda, Lai and Chandra: Hello Edge: Keyword Spotting on Microcontrollers, 2017',
    publishedParameters,
    publishedInput: [1, 10, 49],
    input: 'any',
    layers: [
      { type: 'conv2d', filters, kernel: [4, 10], stride: [...stride], padding: 'same', bias: false },
      { type: 'batchNorm' },
      { type: 'relu' },
      ...separables.flatMap((s) => separable(filters, s)),
      { type: 'globalAvgPool' },
      { type: 'linear', units: 'classes' },
    ],
  }
}

export const dsCnns = [
  dsCnn('S', 22_604, 64, [2, 2], [1, 1, 1, 1]),
  dsCnn('M', 135_032, 172, [1, 2], [2, 1, 1, 1]),
  dsCnn('L', 410_700, 276, [1, 2], [2, 1, 1, 1, 1]),
]

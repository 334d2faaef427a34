import type { Architecture } from '../network.ts'

/** Table I of the paper: the maps of S2 that each of the 16 maps of C3 sees. */
const TABLE_I = [
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
  [0, 4, 5],
  [0, 1, 5],
  [0, 1, 2, 3],
  [1, 2, 3, 4],
  [2, 3, 4, 5],
  [0, 3, 4, 5],
  [0, 1, 4, 5],
  [0, 1, 2, 5],
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
]

/**
 * LeNet-5 as published: 1×32×32, scaled tanh after every layer, sub-sampling with a trained coefficient and
 * bias, C3 connected by Table I, C5 a convolution over its whole input. 60,000 trainable parameters up to F6.
 * One thing differs: the output is a linear layer (84 · classes + classes more parameters) with softmax in the
 * loss, where the paper compares F6 with fixed bitmaps of the characters by radial basis functions, which have
 * no meaning for sounds.
 */
export const lenet51998: Architecture = {
  name: 'lenet5-1998',
  title: 'LeNet-5, as published in 1998',
  paper: 'LeCun, Bottou, Bengio and Haffner: Gradient-Based Learning Applied to Document Recognition, Proceedings of the IEEE, 1998',
  publishedParameters: 60_000,
  input: [1, 32, 32],
  layers: [
    { type: 'conv2d', name: 'c1', filters: 6, kernel: 5 },
    { type: 'tanh', scaled: true },
    { type: 'trainableAvgPool', name: 's2', kernel: 2 },
    { type: 'tanh', scaled: true },
    { type: 'conv2d', name: 'c3', filters: 16, kernel: 5, connections: TABLE_I },
    { type: 'tanh', scaled: true },
    { type: 'trainableAvgPool', name: 's4', kernel: 2 },
    { type: 'tanh', scaled: true },
    { type: 'conv2d', name: 'c5', filters: 120, kernel: 5 },
    { type: 'tanh', scaled: true },
    { type: 'flatten' },
    { type: 'linear', name: 'f6', units: 84 },
    { type: 'tanh', scaled: true },
    { type: 'linear', name: 'output', units: 'classes' },
  ],
}

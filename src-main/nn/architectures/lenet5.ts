import type { Architecture } from '../network.ts'

/**
 * LeNet-5 as it is taught today: ReLU for tanh, max pooling for the trained averages, every map connected to
 * every map, softmax for the RBF output, and any input size. At 1×28×28 and 10 classes (the first convolution
 * padded by 2, as the digits were in 1998) it has the often quoted 61,706 parameters.
 */
export const lenet5: Architecture = {
  name: 'lenet5',
  title: 'LeNet-5, modern form',
  paper: 'After LeCun, Bottou, Bengio and Haffner: Gradient-Based Learning Applied to Document Recognition, 1998',
  publishedParameters: 61_706,
  input: 'any',
  layers: [
    { type: 'conv2d', filters: 6, kernel: 5, padding: 2 },
    { type: 'relu' },
    { type: 'maxPool', kernel: 2 },
    { type: 'conv2d', filters: 16, kernel: 5 },
    { type: 'relu' },
    { type: 'maxPool', kernel: 2 },
    { type: 'flatten' },
    { type: 'linear', units: 120 },
    { type: 'relu' },
    { type: 'linear', units: 84 },
    { type: 'relu' },
    { type: 'linear', units: 'classes' },
  ],
}

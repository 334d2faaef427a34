import type { Architecture } from '../network.ts'

/** AlexNet's order of layers with smaller kernels, strides and widths, for spectrograms of about 64×64. */
export const alexnetSmall: Architecture = {
  name: 'alexnet-small',
  title: 'A small AlexNet for 64×64',
  paper: 'After Krizhevsky, Sutskever and Hinton: ImageNet Classification with Deep Convolutional Neural Networks, 2012',
  input: 'any',
  layers: [
    { type: 'conv2d', filters: 48, kernel: 5, stride: 2, padding: 2 },
    { type: 'relu' },
    { type: 'maxPool', kernel: 3, stride: 2 },
    { type: 'conv2d', filters: 96, kernel: 3, padding: 1 },
    { type: 'relu' },
    { type: 'maxPool', kernel: 3, stride: 2 },
    { type: 'conv2d', filters: 144, kernel: 3, padding: 1 },
    { type: 'relu' },
    { type: 'conv2d', filters: 144, kernel: 3, padding: 1 },
    { type: 'relu' },
    { type: 'conv2d', filters: 96, kernel: 3, padding: 1 },
    { type: 'relu' },
    { type: 'maxPool', kernel: 3, stride: 2 },
    { type: 'flatten' },
    { type: 'linear', units: 256 },
    { type: 'relu' },
    { type: 'dropout', rate: 0.5 },
    { type: 'linear', units: 256 },
    { type: 'relu' },
    { type: 'dropout', rate: 0.5 },
    { type: 'linear', units: 'classes' },
  ],
}

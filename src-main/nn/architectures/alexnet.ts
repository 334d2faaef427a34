import type { Architecture } from '../network.ts'

/**
 * AlexNet of 2012 for pictures of one channel. The grouped convolutions are the paper's two graphics cards: each
 * half of the filters sees half of the maps. With three channels and 1,000 classes it has 60,965,224 parameters, the
 * paper's "60 million". Two things differ: local response normalisation, which has no parameters and was soon
 * found not to help (Simonyan and Zisserman 2014, section 4.1), is left out; and the first convolution pads by 2,
 * which gives the paper's 55×55 maps from 224×224.
 */
export const alexnet: Architecture = {
  name: 'alexnet',
  title: 'AlexNet',
  paper: 'Krizhevsky, Sutskever and Hinton: ImageNet Classification with Deep Convolutional Neural Networks, 2012',
  publishedParameters: 60_000_000,
  input: [1, 224, 224],
  layers: [
    { type: 'conv2d', filters: 96, kernel: 11, stride: 4, padding: 2 },
    { type: 'relu' },
    { type: 'maxPool', kernel: 3, stride: 2 },
    { type: 'conv2d', filters: 256, kernel: 5, padding: 2, groups: 2 },
    { type: 'relu' },
    { type: 'maxPool', kernel: 3, stride: 2 },
    { type: 'conv2d', filters: 384, kernel: 3, padding: 1 },
    { type: 'relu' },
    { type: 'conv2d', filters: 384, kernel: 3, padding: 1, groups: 2 },
    { type: 'relu' },
    { type: 'conv2d', filters: 256, kernel: 3, padding: 1, groups: 2 },
    { type: 'relu' },
    { type: 'maxPool', kernel: 3, stride: 2 },
    { type: 'flatten' },
    { type: 'linear', name: 'fc6', units: 4096 },
    { type: 'relu' },
    { type: 'dropout', rate: 0.5 },
    { type: 'linear', name: 'fc7', units: 4096 },
    { type: 'relu' },
    { type: 'dropout', rate: 0.5 },
    { type: 'linear', name: 'fc8', units: 'classes' },
  ],
}

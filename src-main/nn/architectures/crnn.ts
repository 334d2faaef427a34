import type { Architecture } from '../network.ts'

/**
 * A convolution over time and frequency, then two GRUs in both directions over its frames, all of whose states are
 * classified together. The paper's 229k are for 1.5 s of 40 channels (40×151) and two classes.
 */
export const crnn: Architecture = {
  name: 'crnn',
  title: 'CRNN: convolution, then GRUs over the frames',
  paper: 'Arik, Kliegl, Child, Hestness, Gibiansky, Fougner, Prenger and Coates: Convolutional Recurrent Neural Networks for Small-Footprint Keyword Spotting, 2017',
  publishedParameters: 229_000,
  publishedInput: [1, 40, 151],
  input: 'any',
  layers: [
    { type: 'conv2d', filters: 32, kernel: [5, 20], stride: [2, 8], padding: 'same' },
    { type: 'relu' },
    { type: 'gru', units: 32, bidirectional: true, returns: 'all' },
    { type: 'gru', units: 32, bidirectional: true, returns: 'all' },
    { type: 'flatten' },
    { type: 'linear', units: 64 },
    { type: 'relu' },
    { type: 'linear', units: 'classes' },
  ],
}

import type { Architecture } from '../network.ts'

/** Two hidden layers on the flat spectrogram: the smallest thing to compare against. */
export const mlp: Architecture = {
  name: 'mlp',
  title: 'Multilayer perceptron, 256 and 128 units',
  input: 'any',
  layers: [
    { type: 'flatten' },
    { type: 'linear', units: 256 },
    { type: 'relu' },
    { type: 'linear', units: 128 },
    { type: 'relu' },
    { type: 'linear', units: 'classes' },
  ],
}

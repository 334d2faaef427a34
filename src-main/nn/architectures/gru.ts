import type { Architecture } from '../network.ts'

/** One GRU over the frames; its last state is classified. */
export const gru: Architecture = {
  name: 'gru',
  title: 'GRU, 64 units',
  paper: 'Cho and others: Learning Phrase Representations using RNN Encoder-Decoder, 2014',
  input: 'any',
  layers: [
    { type: 'gru', units: 64 },
    { type: 'linear', units: 'classes' },
  ],
}

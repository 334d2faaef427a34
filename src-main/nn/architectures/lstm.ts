import type { Architecture } from '../network.ts'

/** One LSTM over the frames; its last state is classified. */
export const lstm: Architecture = {
  name: 'lstm',
  title: 'LSTM, 64 units',
  paper: 'Hochreiter and Schmidhuber: Long Short-Term Memory, 1997; with forget gates: Gers, Schmidhuber and Cummins, 2000',
  input: 'any',
  layers: [
    { type: 'lstm', units: 64 },
    { type: 'linear', units: 'classes' },
  ],
}

/**
 * GRU and LSTM over the frames of [channel, height, width]: at each frame the features are channel × height.
 * They are unrolled: a few nodes for each frame, after one product with the inputs of all frames.
 *
 * GRU: Cho et al. 2014, with the reset gate applied after the recurrent product, as cuDNN and PyTorch have it.
 * Gates in the order reset, update, new:
 *   r, z = σ(x W + b + h U + c),  n = tanh(x W + b + r·(h U + c)),  h' = n + z·(h − n)
 * LSTM: Hochreiter and Schmidhuber 1997 with forget gates (Gers et al. 2000); gates input, forget, cell, output:
 *   i, f, g, o of x W + b + h U,  c' = σ(f)·c + σ(i)·tanh(g),  h' = σ(o)·tanh(c')
 */
import { ok } from '../../kit/index.ts'
import type { Dim, Graph, Tensor } from '../graph.ts'
import { add, concat, linear, matMul, mul, reshape, sigmoid, split, sub, tanh, transpose } from '../operations/index.ts'
import { isImage, type LayerKind, type ParameterSpec, type PlanContext } from './layer.ts'
import { problem } from './problem.ts'
import type { SpecOf } from './spec.ts'

/** Each frame is about a dozen nodes forwards and twice as many backwards: raw samples would be hundreds of thousands. */
const MOST_FRAMES = 512

type Read = (name: string) => Tensor

interface Cell {
  readonly gates: number
  /** The GRU's recurrent product has its own bias, inside the reset gate. */
  readonly biases: readonly { readonly name: string; readonly parts: readonly number[] }[]
  /** Splits the inputs' product [rows, gates · units] into pieces that are used together. */
  readonly pieces: readonly number[]
  /** One frame: pieces of the input's product and the state before (null: zeros) → the state after, output first. */
  readonly step: (g: Graph, pieces: readonly Tensor[], state: readonly Tensor[] | null, read: Read, units: number) => Tensor[]
}

const gru: Cell = {
  gates: 3,
  biases: [
    { name: 'inputBias', parts: [0, 0, 0] },
    { name: 'recurrentBias', parts: [0, 0, 0] },
  ],
  pieces: [2, 1],
  step(g, [gatesIn, newIn], state, read, units) {
    const h = state?.[0]
    const hidden = h ? linear(g, h, read('recurrentWeight'), read('recurrentBias')) : read('recurrentBias')
    const axis = hidden.shape.length - 1
    const [gatesHidden, newHidden] = split(g, hidden, [2 * units, units], axis)
    const gates = sigmoid(g, add(g, gatesIn!, gatesHidden!))
    const [r, z] = split(g, gates, [units, units], 1)
    const n = tanh(g, add(g, newIn!, mul(g, r!, newHidden!)))
    return [h ? add(g, n, mul(g, z!, sub(g, h, n))) : sub(g, n, mul(g, z!, n))]
  },
}

/** The forget gate's bias starts at 1 (Jozefowicz et al. 2015). */
const lstm: Cell = {
  gates: 4,
  biases: [{ name: 'inputBias', parts: [0, 1, 0, 0] }],
  pieces: [4],
  step(g, [input], state, read, units) {
    const all = state ? add(g, input!, matMul(g, state[0]!, read('recurrentWeight'))) : input!
    const [inputAndForget, candidate, output] = split(g, all, [2 * units, units, units], 1)
    const [i, f] = split(g, sigmoid(g, inputAndForget!), [units, units], 1)
    const fresh = mul(g, i!, tanh(g, candidate!))
    const cell = state ? add(g, mul(g, f!, state[1]!), fresh) : fresh
    return [mul(g, sigmoid(g, output!), tanh(g, cell)), cell]
  },
}

function recurrentKind(stem: 'gru' | 'lstm', cell: Cell): LayerKind<'gru'> & LayerKind<'lstm'> {
  return {
    stem,
    plan(spec: SpecOf<'gru'> | SpecOf<'lstm'>, { input }: PlanContext) {
      if (!isImage(input)) return problem('NEEDS_SEQUENCE', { values: input[0]! })
      const [channels, height, frames] = input
      if (frames > MOST_FRAMES) return problem('TOO_MANY_FRAMES', { frames, most: MOST_FRAMES })
      const inputs = channels * height
      const { units, returns = 'last' } = spec
      const directions = spec.bidirectional ? ['forward.', 'backward.'] : ['']
      const width = units * directions.length
      return ok({
        output: returns === 'last' ? [width] : [width, 1, frames],
        parameters: directions.flatMap((prefix) => cellParameters(cell, prefix, inputs, units)),
        buffers: [],
        macs: directions.length * frames * cell.gates * units * (inputs + units),
        build(b, x) {
          const g = b.graph
          const batch = x.shape[0]!
          const rows = reshape(g, transpose(g, x, [3, 0, 1, 2]), [times(frames, batch), inputs])
          const runs = directions.map((prefix) => {
            const read: Read = (name) => b.state(prefix + name)
            const order = Array.from({ length: frames }, (_, t) => (prefix === 'backward.' ? frames - 1 - t : t))
            return unroll(g, cell, rows, batch, order, read, units)
          })
          if (returns === 'last') {
            const ends = runs.map((states, i) => states[i === 1 ? 0 : frames - 1]!)
            return ends.length === 1 ? ends[0]! : concat(g, ends, 1)
          }
          const stacked = runs.map((states) => concat(g, states.map((h) => reshape(g, h, [1, batch, units])), 0))
          const all = stacked.length === 1 ? stacked[0]! : concat(g, stacked, 2)
          return reshape(g, transpose(g, all, [1, 2, 0]), [batch, width, 1, frames])
        },
      })
    },
  }
}

/** The states in the order of the frames, whatever the order of reading. */
function unroll(g: Graph, cell: Cell, rows: Tensor, batch: Dim, order: readonly number[], read: Read, units: number): Tensor[] {
  const product = linear(g, rows, read('inputWeight'), read('inputBias'))
  const parts = cell.pieces.length === 1 ? [product] : split(g, product, cell.pieces.map((n) => n * units), 1)
  const pieces = parts.map((part) => perFrame(g, part, batch, order.length))
  const states: Tensor[] = []
  let state: Tensor[] | null = null
  for (const t of order) {
    state = cell.step(g, pieces.map((p) => p[t]!), state, read, units)
    states[t] = state[0]!
  }
  return states
}

/** [frames · batch, features] → one [batch, features] for each frame. */
function perFrame(g: Graph, rows: Tensor, batch: Dim, frames: number): Tensor[] {
  if (frames === 1) return [rows]
  const features = rows.shape[1]!
  if (typeof batch === 'number') return [...split(g, rows, Array.from({ length: frames }, () => batch), 0)]
  const cube = reshape(g, rows, [frames, batch, features])
  return split(g, cube, Array.from({ length: frames }, () => 1), 0).map((t) => reshape(g, t, [batch, features]))
}

const times = (factor: number, d: Dim): Dim => (typeof d === 'number' ? factor * d : factor === 1 ? d : `${factor}${d}`)

function cellParameters(cell: Cell, prefix: string, inputs: number, units: number): ParameterSpec[] {
  const initialiser = { type: 'uniform', limit: 1 / Math.sqrt(units) } as const
  const fans = { in: inputs, out: units }
  const width = cell.gates * units
  return [
    { name: `${prefix}inputWeight`, shape: [inputs, width], initialiser, fans, decay: true },
    { name: `${prefix}recurrentWeight`, shape: [units, width], initialiser, fans: { in: units, out: units }, decay: true },
    ...cell.biases.map(
      ({ name, parts }): ParameterSpec => ({ name: prefix + name, shape: [width], initialiser: { type: 'parts', values: parts }, fans, decay: false }),
    ),
  ]
}

export const gruKind = recurrentKind('gru', gru)
export const lstmKind = recurrentKind('lstm', lstm)

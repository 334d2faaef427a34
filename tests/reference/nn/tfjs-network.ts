/**
 * The layer list on @tensorflow/tfjs (plain JavaScript backend), written apart from the product's own
 * operations: tfjs' convolutions, pools and automatic differentiation, images as [batch, height, width, channel].
 */
import * as tf from '@tensorflow/tfjs'
import type { LossSpec, Network, OptimizerSpec } from '../../../src-main/nn/index.ts'

type Node = Network['nodes'][number]
type Leaf = Extract<Node, { kind: 'leaf' }>
type Read = (name: string) => tf.Tensor

export interface OracleInput {
  readonly network: Network
  /** Parameters as the product lays them out. */
  readonly values: ReadonlyMap<string, tf.Tensor>
  readonly masks: ReadonlyMap<string, tf.Tensor>
}

/** x [batch, channel, height, width] → logits. Running statistics are not followed: training mode. */
export function oracleLogits({ network, values, masks }: OracleInput, x: tf.Tensor4D): tf.Tensor2D {
  const run = (nodes: readonly Node[], input: tf.Tensor): tf.Tensor =>
    nodes.reduce<tf.Tensor>((y, node) => {
      if (node.kind === 'residual') return tf.add(run(node.body, y), run(node.shortcut, y))
      const read: Read = (name) => {
        const value = values.get(`${node.path}.${name}`)
        if (!value) throw new Error(`no value for ${node.path}.${name}`)
        return value
      }
      return leaf(node, y, read, masks.get(`mask.${node.path}`))
    }, input)
  return run(network.nodes, tf.transpose(x, [0, 2, 3, 1])) as tf.Tensor2D
}

const pairOf = (v: number | readonly number[] | undefined, other: number): [number, number] =>
  v === undefined ? [other, other] : typeof v === 'number' ? [v, v] : [v[0]!, v[1]!]

const channelsFirst = (y: tf.Tensor) => (y.rank === 4 ? tf.transpose(y, [0, 3, 1, 2]) : y)

function leaf({ spec }: Leaf, y: tf.Tensor, read: Read, mask: tf.Tensor | undefined): tf.Tensor {
  switch (spec.type) {
    case 'conv2d': {
      const kernel = spec.connections ? connected(read('weight'), spec.connections, y.shape[3]!) : read('weight')
      return convolve(y, kernel, spec.bias === false ? null : read('bias'), spec)
    }
    case 'conv1d': {
      const frames = tf.reshape(channelsFirst(y), [y.shape[0]!, y.shape[1]! * y.shape[3]!, 1, y.shape[2]!])
      const [k, s, d] = [spec.kernel, spec.stride ?? 1, spec.dilation ?? 1]
      const padding = typeof spec.padding === 'number' ? [0, spec.padding, 0, spec.padding] : typeof spec.padding === 'object' ? [0, spec.padding[0], 0, spec.padding[1]] : spec.padding
      return convolve(tf.transpose(frames, [0, 2, 3, 1]), read('weight'), spec.bias === false ? null : read('bias'), {
        kernel: [1, k],
        stride: [1, s],
        dilation: [1, d],
        padding,
        groups: spec.groups,
      })
    }
    case 'linear': {
      const product = tf.matMul(y as tf.Tensor2D, read('weight') as tf.Tensor2D)
      return spec.bias === false ? product : tf.add(product, read('bias'))
    }
    case 'flatten':
      return tf.reshape(channelsFirst(y), [y.shape[0]!, -1])
    case 'maxPool':
      return tf.maxPool(padded(y, spec.padding, -1e9), pairOf(spec.kernel, 1), pairOf(spec.stride ?? spec.kernel, 1), 'valid')
    case 'avgPool':
      if (spec.padding !== undefined) throw new Error('the oracle averages without padding')
      return tf.avgPool(y as tf.Tensor4D, pairOf(spec.kernel, 1), pairOf(spec.stride ?? spec.kernel, 1), 'valid')
    case 'trainableAvgPool': {
      const mean = tf.avgPool(y as tf.Tensor4D, pairOf(spec.kernel, 1), pairOf(spec.stride ?? spec.kernel, 1), 'valid')
      return tf.add(tf.mul(mean, read('coefficient')), read('bias'))
    }
    case 'globalAvgPool':
      return tf.mean(y, [1, 2])
    case 'frequencyAvgPool':
      return tf.mean(y, 1, true)
    case 'globalMaxPool':
      return tf.max(y, [1, 2])
    case 'batchNorm':
      return normalised(y, y.rank === 4 ? [0, 1, 2] : [0], spec.epsilon ?? 1e-5, read)
    case 'subSpectralNorm': {
      const [batch, height, width, channels] = y.shape as [number, number, number, number]
      const bands = tf.reshape(y, [batch, spec.bands, height / spec.bands, width, channels])
      // The scales are in the order channel, band.
      const placed: Read = (name) => tf.reshape(tf.transpose(tf.reshape(read(name), [channels, spec.bands])), [1, spec.bands, 1, 1, channels])
      return tf.reshape(normalised(bands, [0, 2, 3], spec.epsilon ?? 1e-5, placed), y.shape)
    }
    case 'layerNorm':
      if (spec.over === 'frame') return normalised(y, [1, 3], spec.epsilon ?? 1e-5, read)
      return normalised(y, y.rank === 4 ? [1, 2, 3] : [1], spec.epsilon ?? 1e-5, read)
    case 'dropout':
      return mask ? tf.mul(y, mask.rank === 4 ? tf.transpose(mask, [0, 2, 3, 1]) : mask) : y
    case 'relu':
      return tf.relu(y)
    case 'leakyRelu':
      return tf.leakyRelu(y, spec.slope ?? 0.01)
    case 'sigmoid':
      return tf.sigmoid(y)
    case 'tanh':
      return spec.scaled ? tf.mul(tf.tanh(tf.mul(y, 2 / 3)), 1.7159) : tf.tanh(y)
    case 'silu':
      return tf.mul(y, tf.sigmoid(y))
    case 'gelu':
      return tf.mul(tf.mul(y, 0.5), tf.add(1, tf.erf(tf.mul(y, Math.SQRT1_2))))
    case 'gru':
    case 'lstm':
      return recurrent(spec, y as tf.Tensor4D, read)
    case 'selfAttention':
      return attention(spec.heads, y as tf.Tensor4D, read)
    case 'positions':
      return tf.add(y, tf.transpose(read('embedding'), [1, 2, 0]))
    case 'classToken':
      return tf.concat([tf.tile(tf.reshape(read('token'), [1, 1, 1, -1]), [y.shape[0]!, 1, 1, 1]), y], 2)
    case 'firstFrame':
      return tf.reshape(tf.slice(y as tf.Tensor4D, [0, 0, 0, 0], [-1, -1, 1, -1]), [y.shape[0]!, -1])
  }
}

type Padding = number | readonly number[] | 'same' | 'valid' | undefined

function padded(y: tf.Tensor, padding: Padding, value = 0): tf.Tensor4D {
  if (padding === undefined || padding === 'valid') return y as tf.Tensor4D
  if (padding === 'same') throw new Error('left to tfjs')
  const [t, l, b, r] = typeof padding === 'number' ? [padding, padding, padding, padding] : (padding as [number, number, number, number])
  return tf.pad(y as tf.Tensor4D, [[0, 0], [t, b], [l, r], [0, 0]], value)
}

interface ConvolutionSpec {
  readonly kernel: number | readonly number[]
  readonly stride?: number | readonly number[]
  readonly dilation?: number | readonly number[]
  readonly padding?: Padding
  readonly groups?: number | undefined
}

/** The kernel is [out, in / groups, height, width]; tfjs wants [height, width, in, out]. */
function convolve(y: tf.Tensor, original: tf.Tensor, bias: tf.Tensor | null, spec: ConvolutionSpec): tf.Tensor {
  const strides = pairOf(spec.stride, 1)
  const groups = spec.groups ?? 1
  const kernel = withHoles(original, pairOf(spec.dilation, 1))
  const mode = spec.padding === 'same' ? 'same' : 'valid'
  const x = mode === 'same' ? (y as tf.Tensor4D) : padded(y, spec.padding)
  const channels = x.shape[3]
  const out = kernel.shape[0]!
  let product: tf.Tensor
  if (groups === 1) product = tf.conv2d(x, tf.transpose(kernel, [2, 3, 1, 0]) as tf.Tensor4D, strides, mode)
  else if (groups === channels) {
    const multiplier = out / groups
    const [, , kh, kw] = kernel.shape as [number, number, number, number]
    const filter = tf.reshape(tf.transpose(kernel, [2, 3, 0, 1]), [kh, kw, channels, multiplier])
    product = tf.depthwiseConv2d(x, filter as tf.Tensor4D, strides, mode)
  } else {
    const parts = tf.split(x, groups, 3)
    const kernels = tf.split(kernel, groups, 0)
    product = tf.concat(
      parts.map((part, i) => tf.conv2d(part as tf.Tensor4D, tf.transpose(kernels[i]!, [2, 3, 1, 0]) as tf.Tensor4D, strides, mode)),
      3,
    )
  }
  return bias ? tf.add(product, bias) : product
}

/** A dilated kernel is a larger one with zeros between: tfjs has no gradient for dilations. */
function withHoles(kernel: tf.Tensor, [dy, dx]: [number, number]): tf.Tensor {
  if (dy === 1 && dx === 1) return kernel
  const [out, perGroup, kh, kw] = kernel.shape as [number, number, number, number]
  const open = tf.pad(tf.reshape(kernel, [out * perGroup, kh, 1, kw, 1]), [[0, 0], [0, 0], [0, dy - 1], [0, 0], [0, dx - 1]])
  const wide = tf.reshape(open, [out, perGroup, kh * dy, kw * dx])
  return tf.slice(wide, [0, 0, 0, 0], [out, perGroup, (kh - 1) * dy + 1, (kw - 1) * dx + 1])
}

/** The kernels of the connections at their places, zeros elsewhere: [out, in, height, width]. */
function connected(weight: tf.Tensor, connections: readonly (readonly number[])[], channels: number): tf.Tensor {
  const area = weight.shape.slice(1)
  const links = tf.unstack(weight)
  let link = 0
  const rows = connections.map((inputs) => {
    const places: tf.Tensor[] = Array.from({ length: channels }, () => tf.zeros(area))
    for (const channel of inputs) places[channel] = links[link++]!
    return tf.stack(places)
  })
  return tf.stack(rows)
}

function normalised(y: tf.Tensor, axes: number[], epsilon: number, read: Read): tf.Tensor {
  const { mean, variance } = tf.moments(y, axes, true)
  const normal = tf.div(tf.sub(y, mean), tf.sqrt(tf.add(variance, epsilon)))
  return tf.add(tf.mul(normal, read('scale')), read('shift'))
}

function recurrent(spec: { type: 'gru' | 'lstm'; units: number; bidirectional?: boolean; returns?: 'last' | 'all' }, y: tf.Tensor4D, read: Read): tf.Tensor {
  const [batch, height, frames, channels] = y.shape
  const sequence = tf.unstack(tf.reshape(tf.transpose(y, [2, 0, 3, 1]), [frames, batch, channels * height])) as tf.Tensor2D[]
  const cell = spec.type === 'gru' ? gruStep : lstmStep
  const runs = (spec.bidirectional ? ['forward.', 'backward.'] : ['']).map((prefix) => {
    const order = prefix === 'backward.' ? sequence.toReversed() : sequence
    let state = [tf.zeros([batch, spec.units]), tf.zeros([batch, spec.units])]
    const states = order.map((x) => (state = cell(x, state, (name) => read(prefix + name), spec.units))[0]!)
    return { last: states.at(-1)!, all: prefix === 'backward.' ? states.toReversed() : states }
  })
  if ((spec.returns ?? 'last') === 'last') return tf.concat(runs.map((r) => r.last), 1)
  const all = runs.map((r) => tf.stack(r.all, 1)) // [batch, frames, units]
  const joined = tf.concat(all, 2)
  return tf.reshape(joined, [batch, 1, frames, joined.shape[2]!])
}

/** Head by head: y is [batch, 1, frame, feature]. */
function attention(heads: number, y: tf.Tensor4D, read: Read): tf.Tensor {
  const [batch, , frames, features] = y.shape
  const rows = tf.reshape(y, [batch * frames, features])
  const pieces = tf.split(tf.reshape(product(rows, read('inputWeight')), [batch, frames, -1]), 3, 2)
  const [queries, keys, values] = pieces.map((t) => tf.split(t, heads, 2)) as [tf.Tensor3D[], tf.Tensor3D[], tf.Tensor3D[]]
  const answers = queries.map((query, h) => {
    const scores = tf.div(tf.matMul(query, keys[h]!, false, true), Math.sqrt(query.shape[2]))
    return tf.matMul(tf.softmax(scores), values[h]!)
  })
  const joined = tf.reshape(tf.concat(answers, 2), [batch * frames, -1])
  return tf.reshape(tf.add(product(joined, read('outputWeight')), read('outputBias')), y.shape)
}

const product = (x: tf.Tensor, w: tf.Tensor) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)

function gruStep(x: tf.Tensor, [h]: tf.Tensor[], read: Read, units: number): tf.Tensor[] {
  const [xr, xz, xn] = tf.split(tf.add(product(x, read('inputWeight')), read('inputBias')), [units, units, units], 1)
  const [hr, hz, hn] = tf.split(tf.add(product(h!, read('recurrentWeight')), read('recurrentBias')), [units, units, units], 1)
  const r = tf.sigmoid(tf.add(xr!, hr!))
  const z = tf.sigmoid(tf.add(xz!, hz!))
  const n = tf.tanh(tf.add(xn!, tf.mul(r, hn!)))
  return [tf.add(tf.mul(tf.sub(1, z), n), tf.mul(z, h!))]
}

function lstmStep(x: tf.Tensor, [h, c]: tf.Tensor[], read: Read, units: number): tf.Tensor[] {
  const all = tf.add(tf.add(product(x, read('inputWeight')), read('inputBias')), product(h!, read('recurrentWeight')))
  const [i, f, g, o] = tf.split(all, [units, units, units, units], 1)
  const cell = tf.add(tf.mul(tf.sigmoid(f!), c!), tf.mul(tf.sigmoid(i!), tf.tanh(g!)))
  return [tf.mul(tf.sigmoid(o!), tf.tanh(cell)), cell]
}

export function oracleLoss(spec: LossSpec, logits: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  if (spec.type === 'meanSquaredError') {
    const outputs = (spec.of ?? 'softmax') === 'softmax' ? tf.softmax(logits) : logits
    return tf.mean(tf.sum(tf.square(tf.sub(outputs, target)), 1))
  }
  const classes = target.shape[1]
  const smoothing = spec.labelSmoothing ?? 0
  const smooth = tf.add(tf.mul(target, 1 - smoothing), smoothing / classes)
  const weights = tf.tensor1d(spec.classWeights ? [...spec.classWeights] : Array.from({ length: classes }, () => 1))
  const perClip = tf.neg(tf.sum(tf.mul(tf.mul(smooth, weights), tf.logSoftmax(logits)), 1))
  return tf.div(tf.sum(perClip), tf.sum(tf.mul(target, weights)))
}

/** Optimisers in double precision, written from the papers; each call is one step. */
export function oracleOptimizer(spec: OptimizerSpec, decays: ReadonlyMap<string, boolean>, clipNorm: number | undefined) {
  const memory = new Map<string, Float64Array>()
  const remembered = (name: string, size: number) => memory.get(name) ?? memory.set(name, new Float64Array(size)).get(name)!
  let steps = 0
  return (weights: Map<string, Float32Array>, gradients: ReadonlyMap<string, Float32Array>, rate: number): void => {
    steps++
    const norm = Math.sqrt([...gradients.values()].reduce((s, g) => s + g.reduce((a, v) => a + v * v, 0), 0))
    const factor = clipNorm === undefined ? 1 : Math.min(1, clipNorm / (norm + 1e-6))
    for (const [name, w] of weights) {
      const decayed = decays.get(name) || spec.decayAll
      const decay = decayed ? (spec.weightDecay ?? (spec.type === 'adamw' ? 0.01 : 0)) : 0
      const m = remembered(`m${name}`, w.length)
      const v = remembered(`v${name}`, w.length)
      for (let i = 0; i < w.length; i++) {
        const raw = gradients.get(name)![i]! * factor
        const g = spec.type === 'adamw' ? raw : raw + decay * w[i]!
        if (spec.type === 'sgd') {
          const mu = spec.momentum ?? 0
          m[i] = mu * m[i]! + g
          w[i] = w[i]! - rate * (spec.nesterov ? g + mu * m[i]! : m[i]!)
          continue
        }
        const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = spec
        m[i] = beta1 * m[i]! + (1 - beta1) * g
        v[i] = beta2 * v[i]! + (1 - beta2) * g * g
        const update = m[i]! / (1 - beta1 ** steps) / (Math.sqrt(v[i]! / (1 - beta2 ** steps)) + epsilon)
        const kept = spec.type === 'adamw' ? w[i]! * (1 - rate * decay) : w[i]!
        w[i] = kept - rate * update
      }
    }
  }
}

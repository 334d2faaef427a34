/**
 * For every operation of the table, the shapes and settings under which its result and gradient are tested:
 * awkward ones included. The type makes an operation without a case a compile error.
 */
import { createRandom, type Random } from '../../../src-main/kit/index.ts'
import * as nn from '../../../src-main/nn/index.ts'

/** How the values of an input are drawn. */
export type Draw =
  | 'normal'
  /** 0.5 to 2, for logarithms, roots and divisors. */
  | 'positive'
  /** Distinct multiples of 0.25 without 0: no kink within reach of a difference. */
  | 'apart'
  /** Multiples of 1/16: sums of products of these are exact in float32. */
  | 'coarse'
  /** A probability distribution along the last axis. */
  | 'distribution'
  /** 0 or 2. */
  | 'mask'

export interface CaseInput {
  readonly shape: readonly number[]
  readonly draw?: Draw
  /** A mask, a target, running statistics: no gradient is asked for. */
  readonly fixed?: boolean
}

export interface OperationCase {
  readonly title: string
  readonly inputs: readonly CaseInput[]
  /** The operation's result or results (those that a loss may depend on). */
  readonly build: (g: nn.Graph, inputs: nn.Tensor[]) => nn.Tensor | readonly nn.Tensor[]
  /** The difference step, 1/32 unless told: smaller for functions with kinks that cannot be drawn apart. */
  readonly step?: number
}

export function drawValues({ shape, draw = 'normal' }: CaseInput, random: Random): Float32Array {
  const size = nn.sizeOf(shape)
  const values = Float32Array.from({ length: size }, () => random.normal())
  switch (draw) {
    case 'normal':
      return values
    case 'positive':
      return values.map(() => random.uniform(0.5, 2))
    case 'apart': {
      const places = random.shuffle(Array.from({ length: size }, (_, i) => i))
      const half = Math.floor(size / 2)
      return Float32Array.from(places, (place) => (place - half + (place >= half ? 1 : 0)) * 0.25)
    }
    case 'coarse':
      return values.map((v) => Math.round(v * 16) / 16)
    case 'distribution': {
      const classes = shape.at(-1)!
      const raw = values.map(() => random.uniform(0.1, 1))
      return raw.map((v, i) => {
        const row = Math.floor(i / classes) * classes
        return v / raw.subarray(row, row + classes).reduce((a, b) => a + b, 0)
      })
    }
    case 'mask':
      return values.map(() => (random.next() < 0.5 ? 0 : 2))
  }
}

export const drawAll = (c: OperationCase, seed: string): Float32Array[] => {
  const random = createRandom(seed)
  return c.inputs.map((input) => drawValues(input, random))
}

type Binary = (g: nn.Graph, a: nn.Tensor, b: nn.Tensor) => nn.Tensor
type Unary = (g: nn.Graph, x: nn.Tensor) => nn.Tensor

const PAIRS: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[2, 3], [2, 3]],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [[2, 1, 4], [3, 1]],
  [[2, 3], []],
  [[], [1, 3]],
]

const binary = (operation: Binary, first: Draw = 'normal', second: Draw = first): OperationCase[] =>
  PAIRS.map(([a, b]) => ({
    title: `[${a.join()}] and [${b.join()}]`,
    inputs: [{ shape: a, draw: first }, { shape: b, draw: second }],
    build: (g, [x, y]) => operation(g, x!, y!),
  }))

/** Operands that differ by 0.125 or more everywhere, also after broadcasting. */
const compared = (operation: Binary): OperationCase[] =>
  binary((g, a, b) => operation(g, a, nn.add(g, b, g.scalar(0.125))), 'apart')

const unary = (operation: Unary, draw: Draw = 'normal'): OperationCase[] =>
  [[5], [2, 3], [2, 1, 3, 2]].map((shape) => ({
    title: `[${shape.join()}]`,
    inputs: [{ shape, draw }],
    build: (g, [x]) => operation(g, x!),
  }))

interface ConvCase {
  readonly x: readonly number[]
  readonly w: readonly number[]
  readonly bias?: boolean
  readonly options?: nn.Conv2dOptions
}

const conv = ({ x, w, bias, options = {} }: ConvCase): OperationCase => ({
  title: `x [${x.join()}], w [${w.join()}]${bias ? ', bias' : ''}, ${JSON.stringify(options)}`,
  inputs: [{ shape: x }, { shape: w }, ...(bias ? [{ shape: [w[0]!] }] : [])],
  build: (g, [a, b, c]) => nn.conv2d(g, a!, b!, c ?? null, options),
})

const pool = (
  operation: (g: nn.Graph, x: nn.Tensor, kernel: nn.Pair, options: nn.PoolOptions & { countPadding?: boolean }) => nn.Tensor,
  draw: Draw,
  extra: { countPadding?: boolean } = {},
): OperationCase[] =>
  (
    [
      [[2, 3, 4, 6], 2, {}],
      [[1, 2, 5, 7], 2, {}],
      [[2, 2, 7, 7], 3, { stride: 2 }],
      [[1, 2, 8, 6], 3, { stride: 2 }],
      [[1, 2, 6, 5], 3, { stride: 1, padding: 1 }],
      [[2, 1, 7, 8], [3, 2], { stride: [2, 3], padding: [1, 0, 2, 1] }],
      [[1, 3, 6, 6], 2, { stride: 3 }],
      [[2, 2, 1, 9], [1, 3], { stride: [1, 2], padding: [0, 1] }],
      [[1, 2, 5, 5], 2, { padding: 1 }],
    ] as const
  ).map(([shape, kernel, options]) => ({
    title: `[${shape.join()}] by ${JSON.stringify(kernel)} ${JSON.stringify({ ...options, ...extra })}`,
    inputs: [{ shape, draw }],
    build: (g, [x]) => operation(g, x!, kernel, { ...options, ...extra }),
  }))

const reduction = (operation: typeof nn.sum): OperationCase[] =>
  (
    [
      [[2, 3, 4], undefined, false],
      [[2, 3, 4], [1], false],
      [[2, 3, 4], [0, -1], true],
      [[2, 3, 4, 2], [2, 3], false],
    ] as const
  ).map(([shape, axes, keep]) => ({
    title: `[${shape.join()}] over ${axes ? `[${axes.join()}]` : 'all'}${keep ? ', kept' : ''}`,
    inputs: [{ shape }],
    build: (g, [x]) => operation(g, x!, axes, keep),
  }))

const pooledConvolution = (formulation: 'conv2dMaxPool2x2' | 'conv2dMaxPool2x2Unfolded' | 'conv2dMaxPool2x2Winograd', more: readonly (readonly [number[], number[], nn.Padding])[]): OperationCase[] =>
  [[[2, 1, 8, 8], [3, 1, 5, 5], 2] as const, ...more].map(([x, w, padding]) => ({
    title: `x [${x.join()}], w [${w.join()}], padding ${JSON.stringify(padding)}`,
    inputs: [{ shape: x, draw: 'coarse' }, { shape: w, draw: 'coarse' }, { shape: [w[0]!], draw: 'coarse' }],
    // Linear in each input except where the maximum changes over, and exact: a very small step loses nothing.
    step: 1 / 4096,
    build: (g, [a, b, c]) => nn.conv2dMaxPool2x2(g, a!, b!, c!, { padding, formulation }),
  }))

export const CASES: Record<nn.OperationName, readonly OperationCase[]> = {
  add: binary(nn.add),
  sub: binary(nn.sub),
  mul: binary(nn.mul),
  div: binary(nn.div, 'normal', 'positive'),
  maximum: compared(nn.maximum),
  minimum: compared(nn.minimum),
  neg: unary(nn.neg),
  exp: unary(nn.exp),
  log: unary(nn.log, 'positive'),
  sqrt: unary(nn.sqrt, 'positive'),
  square: unary(nn.square),
  pow: [
    ...unary((g, x) => nn.pow(g, x, 3)),
    ...unary((g, x) => nn.pow(g, x, 2)),
    ...unary((g, x) => nn.pow(g, x, -0.5), 'positive'),
  ],
  abs: unary(nn.abs, 'apart'),
  relu: unary(nn.relu, 'apart'),
  leakyRelu: [...unary((g, x) => nn.leakyRelu(g, x), 'apart'), ...unary((g, x) => nn.leakyRelu(g, x, 0.3), 'apart')],
  sigmoid: unary(nn.sigmoid),
  tanh: unary(nn.tanh),
  silu: unary(nn.silu),
  gelu: unary(nn.gelu),
  matMul: (
    [
      [[2, 3], [3, 4]],
      [[2, 2, 3], [2, 3, 4]],
      [[2, 2, 3], [3, 4]],
      [[2, 3], [4, 3, 2]],
      [[2, 1, 2, 3], [3, 3, 1]],
    ] as const
  ).map(([a, b]) => ({
    title: `[${a.join()}] · [${b.join()}]`,
    inputs: [{ shape: a }, { shape: b }],
    build: (g, [x, y]) => nn.matMul(g, x!, y!),
  })),
  linear: [
    { title: 'with bias', inputs: [{ shape: [4, 3] }, { shape: [3, 5] }, { shape: [5] }], build: (g, [x, w, b]) => nn.linear(g, x!, w!, b!) },
    { title: 'without bias', inputs: [{ shape: [1, 6] }, { shape: [6, 2] }], build: (g, [x, w]) => nn.linear(g, x!, w!, null) },
    { title: 'over three axes', inputs: [{ shape: [2, 4, 3] }, { shape: [3, 5] }, { shape: [5] }], build: (g, [x, w, b]) => nn.linear(g, x!, w!, b!) },
  ],
  sum: reduction(nn.sum),
  mean: [
    ...reduction(nn.mean),
    { title: 'global pooling', inputs: [{ shape: [2, 3, 4, 5] }], build: (g, [x]) => nn.globalAvgPool2d(g, x!) },
  ],
  reshape: [
    { title: 'to two axes', inputs: [{ shape: [2, 3, 4] }], build: (g, [x]) => nn.reshape(g, x!, [6, 4]) },
    { title: 'flatten', inputs: [{ shape: [2, 3, 2, 2] }], build: (g, [x]) => nn.flatten(g, x!) },
  ],
  transpose: [
    { title: 'two axes', inputs: [{ shape: [2, 3] }], build: (g, [x]) => nn.transpose(g, x!, [1, 0]) },
    { title: 'a cycle of four', inputs: [{ shape: [2, 3, 4, 5] }], build: (g, [x]) => nn.transpose(g, x!, [2, 0, 3, 1]) },
  ],
  slice: [
    { title: 'one axis', inputs: [{ shape: [2, 6] }], build: (g, [x]) => nn.slice(g, x!, [{ axis: 1, start: 1, end: 4 }]) },
    {
      title: 'two axes with steps',
      inputs: [{ shape: [7, 2, 8] }],
      build: (g, [x]) => nn.slice(g, x!, [{ axis: 0, start: 1, end: 7, step: 2 }, { axis: 2, start: 0, end: 8, step: 3 }]),
    },
  ],
  concat: [
    { title: 'three', inputs: [{ shape: [2, 1] }, { shape: [2, 3] }, { shape: [2, 2] }], build: (g, parts) => nn.concat(g, parts, 1) },
    { title: 'from the end', inputs: [{ shape: [2, 3] }, { shape: [2, 3] }], build: (g, parts) => nn.concat(g, parts, -2) },
  ],
  split: [
    { title: 'all parts used', inputs: [{ shape: [2, 6] }], build: (g, [x]) => nn.split(g, x!, [1, 2, 3], 1) },
    { title: 'one part unused', inputs: [{ shape: [5, 2] }], build: (g, [x]) => nn.split(g, x!, [2, 2, 1], 0).slice(1) },
  ],
  pad: [
    { title: 'zeros', inputs: [{ shape: [2, 3] }], build: (g, [x]) => nn.pad(g, x!, [0, 1], [2, 0]) },
    { title: 'a value', inputs: [{ shape: [1, 2, 3] }], build: (g, [x]) => nn.pad(g, x!, [0, 1, 2], [1, 0, 1], 1.5) },
  ],
  conv2d: [
    conv({ x: [2, 1, 6, 6], w: [3, 1, 3, 3], bias: true }),
    conv({ x: [2, 3, 5, 6], w: [4, 3, 3, 3], options: { padding: 1 } }),
    conv({ x: [2, 6, 6, 5], w: [4, 6, 3, 3], bias: true, options: { padding: 1 } }),
    conv({ x: [6, 2, 5, 5], w: [4, 2, 2, 3] }),
    conv({ x: [1, 2, 8, 7], w: [3, 2, 3, 2], options: { stride: 2 } }),
    conv({ x: [2, 2, 8, 9], w: [4, 2, 3, 3], options: { stride: [3, 2], padding: [1, 0, 2, 1] } }),
    conv({ x: [1, 2, 9, 8], w: [2, 2, 3, 3], options: { dilation: 2 } }),
    conv({ x: [1, 2, 9, 10], w: [2, 2, 2, 3], options: { dilation: [3, 2], stride: [2, 3], padding: [2, 1, 0, 1] } }),
    conv({ x: [2, 4, 5, 5], w: [6, 2, 3, 3], bias: true, options: { groups: 2, padding: 1 } }),
    conv({ x: [2, 4, 7, 6], w: [6, 2, 3, 2], options: { groups: 2, stride: 2, padding: [1, 1, 0, 0] } }),
    conv({ x: [2, 3, 5, 6], w: [3, 1, 3, 3], bias: true, options: { groups: 3, padding: 1 } }),
    conv({ x: [2, 3, 7, 6], w: [3, 1, 3, 2], options: { groups: 3, stride: 2, padding: [1, 0] } }),
    conv({ x: [1, 2, 6, 6], w: [4, 1, 3, 3], options: { groups: 2, dilation: 2, padding: 2 } }),
    conv({ x: [1, 8, 5, 5], w: [2, 4, 2, 2], options: { groups: 2, stride: 2 } }),
    conv({ x: [2, 3, 4, 4], w: [5, 3, 1, 1], bias: true }),
    conv({ x: [2, 3, 5, 5], w: [4, 3, 1, 1], options: { stride: 2 } }),
    // Eight channels a group and more: weight gradients by kernel offsets.
    conv({ x: [2, 8, 4, 5], w: [3, 8, 3, 2], bias: true, options: { padding: [1, 0, 0, 1] } }),
    conv({ x: [1, 8, 7, 6], w: [2, 8, 3, 3], options: { dilation: [1, 2], padding: [0, 2, 1, 1] } }),
    conv({ x: [1, 9, 6, 7], w: [2, 9, 3, 2], options: { stride: [2, 3], padding: 1 } }),
    conv({ x: [2, 16, 4, 3], w: [4, 8, 2, 3], options: { groups: 2, padding: [1, 1, 0, 1] } }),
    conv({ x: [2, 8, 1, 9], w: [3, 8, 1, 5], options: { padding: [0, 1, 0, 3] } }),
    conv({ x: [2, 8, 1, 9], w: [3, 8, 1, 3], options: { stride: [1, 2], padding: [0, 1] } }),
    conv({ x: [2, 3, 8, 4], w: [3, 1, 3, 1], options: { groups: 3, stride: [2, 1], padding: [1, 0] } }),
    conv({ x: [2, 3, 1, 9], w: [3, 1, 1, 3], options: { groups: 3, dilation: [1, 2], padding: [0, 2] } }),
    conv({ x: [2, 3, 4, 4], w: [4, 3, 1, 1], options: { padding: [0, 0] } }),
    conv({ x: [1, 1, 4, 4], w: [2, 1, 4, 4], bias: true }),
    conv({ x: [1, 2, 4, 4], w: [2, 2, 3, 3], options: { padding: [2, 2, 1, 0] } }),
    {
      title: 'conv1d',
      inputs: [{ shape: [2, 3, 9] }, { shape: [4, 3, 3] }, { shape: [4] }],
      build: (g, [x, w, b]) => nn.conv1d(g, x!, w!, b!, { stride: 2, padding: [1, 2], dilation: 2 }),
    },
  ],
  conv2dWinograd: [
    { x: [2, 1, 6, 6], w: [3, 1, 3, 3], bias: true },
    { x: [3, 2, 5, 8], w: [2, 2, 3, 3], bias: true, options: { padding: [1, 0, 2, 1] } },
    { x: [2, 4, 5, 7], w: [6, 2, 3, 3], options: { groups: 2, padding: 1 } },
    { x: [2, 4, 6, 9], w: [2, 2, 5, 5], bias: true, options: { groups: 2, padding: [2, 1, 0, 3] } },
    // Linear in each input, so that the largest step is exact and says most beside the rounding of the transforms.
  ].map((c) => ({ ...conv({ ...c, options: { ...c.options, formulation: 'conv2dWinograd' } } as ConvCase), step: 1 })),
  conv2dInnermost: [
    { x: [2, 1, 6, 6], w: [3, 1, 3, 3], bias: true },
    { x: [3, 2, 7, 8], w: [2, 2, 3, 2], options: { padding: [1, 0, 2, 1], dilation: [2, 3] } },
    { x: [2, 3, 1, 9], w: [4, 3, 1, 5], bias: true, options: { padding: [0, 2] } },
    { x: [2, 3, 1, 9], w: [4, 3, 1, 5], bias: true, options: { padding: [0, 2], stride: [1, 2] } },
    { x: [3, 2, 1, 12], w: [2, 2, 1, 4], options: { padding: [0, 1, 0, 2], stride: [1, 2] } },
    { x: [2, 2, 1, 10], w: [3, 2, 1, 3], options: { stride: [1, 2] } },
  ].map((c) => conv({ ...c, options: { ...c.options, formulation: 'conv2dInnermost' } } as ConvCase)),
  conv2dMaxPool2x2: pooledConvolution('conv2dMaxPool2x2', [[[2, 3, 7, 9], [4, 3, 3, 3], 0], [[6, 2, 6, 7], [2, 2, 2, 3], [1, 0, 0, 1]], [[1, 6, 6, 6], [4, 6, 3, 3], 1]]),
  conv2dMaxPool2x2Unfolded: pooledConvolution('conv2dMaxPool2x2Unfolded', [[[2, 3, 7, 9], [4, 3, 3, 3], 0], [[3, 2, 6, 7], [2, 2, 2, 3], [1, 0, 0, 1]]]),
  conv2dMaxPool2x2Winograd: pooledConvolution('conv2dMaxPool2x2Winograd', [[[2, 3, 9, 12], [4, 3, 5, 4], 0], [[3, 2, 6, 11], [2, 2, 4, 5], [1, 0, 2, 1]]]),
  maxPool2d: pool(nn.maxPool2d, 'apart'),
  avgPool2d: [...pool(nn.avgPool2d, 'normal'), ...pool(nn.avgPool2d, 'normal', { countPadding: false })],
  batchNormTraining: [[4, 3], [3, 2, 5], [3, 2, 4, 3], [2, 3, 1, 4]].map((shape) => ({
    title: `[${shape.join()}]`,
    inputs: [{ shape }, { shape: [shape[1]!], draw: 'positive' }, { shape: [shape[1]!] }],
    build: (g, [x, gamma, beta]) => nn.batchNormTraining(g, x!, gamma!, beta!, 1e-3).y,
  })),
  batchNormInference: [[4, 3], [2, 3, 4, 2]].map((shape) => ({
    title: `[${shape.join()}]`,
    inputs: [
      { shape },
      { shape: [3], draw: 'positive' },
      { shape: [3] },
      { shape: [3], fixed: true },
      { shape: [3], draw: 'positive', fixed: true },
    ],
    build: (g, [x, gamma, beta, m, v]) => nn.batchNormInference(g, x!, gamma!, beta!, m!, v!, 1e-3),
  })),
  layerNorm: [[3, 5], [2, 3, 4]].map((shape) => ({
    title: `[${shape.join()}]`,
    inputs: [{ shape }, { shape: [shape.at(-1)!], draw: 'positive' }, { shape: [shape.at(-1)!] }],
    build: (g, [x, gamma, beta]) => nn.layerNorm(g, x!, gamma!, beta!, 1e-3),
  })),
  dropout: [{ title: 'a mask', inputs: [{ shape: [3, 4] }, { shape: [3, 4], draw: 'mask', fixed: true }], build: (g, [x, m]) => nn.dropout(g, x!, m!) }],
  softmax: [
    { title: 'last axis', inputs: [{ shape: [3, 4] }], build: (g, [x]) => nn.softmax(g, x!) },
    { title: 'a middle axis', inputs: [{ shape: [2, 3, 2] }], build: (g, [x]) => nn.softmax(g, x!, 1) },
  ],
  logSoftmax: [
    { title: 'last axis', inputs: [{ shape: [3, 4] }], build: (g, [x]) => nn.logSoftmax(g, x!) },
    { title: 'a middle axis', inputs: [{ shape: [2, 3, 2] }], build: (g, [x]) => nn.logSoftmax(g, x!, 1) },
  ],
  softmaxCrossEntropy: [
    {
      title: 'soft targets',
      inputs: [{ shape: [4, 3] }, { shape: [4, 3], draw: 'distribution', fixed: true }],
      build: (g, [x, t]) => nn.softmaxCrossEntropy(g, x!, t!),
    },
    {
      title: 'class weights',
      inputs: [{ shape: [4, 3] }, { shape: [4, 3], draw: 'distribution', fixed: true }, { shape: [3], draw: 'positive', fixed: true }],
      build: (g, [x, t, w]) => nn.softmaxCrossEntropy(g, x!, t!, w!),
    },
  ],
}

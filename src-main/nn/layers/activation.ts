/** Activations: no parameters, the shape stays. */
import { ok } from '../../kit/index.ts'
import type { Graph, Tensor } from '../graph.ts'
import { gelu, leakyRelu, relu, scale, sigmoid, silu, tanh } from '../operations/index.ts'
import { noState, type LayerKind } from './layer.ts'
import type { SpecOf } from './spec.ts'

export type ActivationType = 'relu' | 'leakyRelu' | 'sigmoid' | 'tanh' | 'silu' | 'gelu'

function activation<T extends ActivationType>(stem: T, write: (g: Graph, x: Tensor, spec: SpecOf<T>) => Tensor): LayerKind<T> {
  return {
    stem,
    plan: (spec, { input }) => ok({ ...noState, output: input, macs: 0, build: (b, x) => write(b.graph, x, spec) }),
  }
}

export const DEFAULT_LEAKY_SLOPE = 0.01

/** LeCun et al. 1998, appendix A: f(a) = A tanh(S a) with A = 1.7159 and S = 2/3. */
const scaledTanh = (g: Graph, x: Tensor) => scale(g, tanh(g, scale(g, x, 2 / 3)), 1.7159)

export const activationKinds: { readonly [T in ActivationType]: LayerKind<T> } = {
  relu: activation('relu', (g, x) => relu(g, x)),
  leakyRelu: activation('leakyRelu', (g, x, spec) => leakyRelu(g, x, spec.slope ?? DEFAULT_LEAKY_SLOPE)),
  sigmoid: activation('sigmoid', (g, x) => sigmoid(g, x)),
  tanh: activation('tanh', (g, x, spec) => (spec.scaled ? scaledTanh(g, x) : tanh(g, x))),
  silu: activation('silu', (g, x) => silu(g, x)),
  gelu: activation('gelu', (g, x) => gelu(g, x)),
}

/**
 * The rule for weights in front of an activation: He for the ReLU family (it allows for the half that is cut
 * off), Glorot for the sigmoid, LeCun for tanh and where no activation follows.
 */
export const initialiserBefore = {
  relu: 'heUniform',
  leakyRelu: 'heUniform',
  silu: 'heUniform',
  gelu: 'heUniform',
  sigmoid: 'glorotUniform',
  tanh: 'lecunUniform',
} as const satisfies Record<ActivationType, string>

/** Fully connected layers and the flattening before them. */
import { ok } from '../../kit/index.ts'
import { linear, reshape } from '../operations/index.ts'
import { elements, noState, sizeText, type LayerKind, type ParameterSpec } from './layer.ts'
import { problem } from './problem.ts'

/** The weight is [inputs, units]: x · W + b without a transpose. */
export const linearKind: LayerKind<'linear'> = {
  stem: 'linear',
  plan(spec, { input, classes, weightInitialiser }) {
    if (input.length !== 1)
      return problem('NEEDS_FLAT', { input: sizeText(input) })
    const inputs = input[0]!
    const units = spec.units === 'classes' ? classes : spec.units
    const fans = { in: inputs, out: units }
    const weight: ParameterSpec = { name: 'weight', shape: [inputs, units], initialiser: spec.initialiser ?? weightInitialiser, fans, decay: true }
    const bias: ParameterSpec = { name: 'bias', shape: [units], initialiser: 'zeros', fans, decay: false }
    const hasBias = spec.bias ?? true
    return ok({
      output: [units],
      parameters: hasBias ? [weight, bias] : [weight],
      buffers: [],
      macs: inputs * units,
      build: (b, x) => linear(b.graph, x, b.state('weight'), hasBias ? b.state('bias') : null),
    })
  },
}

export const flattenKind: LayerKind<'flatten'> = {
  stem: 'flatten',
  plan(_, { input }) {
    const size = elements(input)
    return ok({
      ...noState,
      output: [size],
      macs: 0,
      build: (b, x) => (x.shape.length === 2 ? x : reshape(b.graph, x, [x.shape[0]!, size])),
    })
  },
}

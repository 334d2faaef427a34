/** Another activation for a whole network: a pure function of its layer list. */
import type { Architecture } from '../network.ts'
import type { ActivationType } from './activation.ts'
import type { LayerSpec } from './spec.ts'

/** Each name with the layer that it stands for, as small letters and hyphens for the command line. */
const ACTIVATIONS = {
  relu: 'relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  'leaky-relu': 'leakyRelu',
  silu: 'silu',
  gelu: 'gelu',
} as const satisfies Record<string, ActivationType>

export type ActivationName = keyof typeof ACTIVATIONS
export const activationNames = Object.keys(ACTIVATIONS) as ActivationName[]

const kinds: ReadonlySet<string> = new Set(Object.values(ACTIVATIONS))

/**
 * The architecture with every activation layer, inside blocks too, replaced by the named one with its usual settings;
 * names of layers stay. The gates of recurrent layers and the softmax of attention are no activation layers. Weights
 * whose layer names no initialiser are then drawn by the new activation's rule.
 */
export function withActivation(architecture: Architecture, activation: ActivationName): Architecture {
  return { ...architecture, layers: replaced(architecture.layers, ACTIVATIONS[activation]) }
}

function replaced(layers: readonly LayerSpec[], type: ActivationType): LayerSpec[] {
  return layers.map((layer): LayerSpec => {
    if (layer.type === 'sequential') return { ...layer, layers: replaced(layer.layers, type) }
    if (layer.type === 'residual')
      return { ...layer, body: replaced(layer.body, type), ...(layer.shortcut ? { shortcut: replaced(layer.shortcut, type) } : {}) }
    if (!kinds.has(layer.type)) return layer
    return layer.name === undefined ? { type } : { type, name: layer.name }
  })
}

/** Values from a file meet a network: every extra, missing and mis-shaped one is named. */
import { fail, ok, type Result } from '../kit/index.ts'
import { elements, sizeText } from './layers/layer.ts'
import type { Network } from './network.ts'
import { networkState } from './forward.ts'

export interface NamedValues {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

const shown = (shape: readonly number[]) => (shape.length === 0 ? 'a single number' : sizeText(shape))

/** Parameters and buffers of the network, by path, in its own order; nothing is guessed and nothing is left over. */
export function loadParameters(network: Network, given: ReadonlyMap<string, NamedValues>): Result<Map<string, Float32Array>> {
  const specs = networkState(network)
  const problems: string[] = []
  const loaded = new Map<string, Float32Array>()
  for (const { name, shape } of specs) {
    const found = given.get(name)
    if (!found) problems.push(`${name} is missing`)
    else if (shown(found.shape) !== shown(shape)) problems.push(`${name} is ${shown(found.shape)}, the network needs ${shown(shape)}`)
    else if (found.values.length !== elements(shape)) problems.push(`${name} holds ${found.values.length} values for ${shown(shape)}`)
    else loaded.set(name, found.values)
  }
  const known = new Set(specs.map((s) => s.name))
  for (const name of given.keys()) if (!known.has(name)) problems.push(`${name} is not part of the network`)
  if (problems.length === 0) return ok(loaded)
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : ''
  return fail('INVALID', `The weights do not fit ${network.architecture.name}: ${problems.slice(0, 5).join('; ')}${more}`, {
    hint: 'They belong to another architecture, input size or number of classes.',
  })
}

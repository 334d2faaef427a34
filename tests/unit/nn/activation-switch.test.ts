import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { activationNames, architectures, describeNetwork, planNetwork, withActivation, type Architecture } from '../../../src-main/nn/index.ts'

const activations = ['relu', 'leakyRelu', 'sigmoid', 'tanh', 'silu', 'gelu']
const typesOf = (architecture: Architecture) =>
  unwrap(describeNetwork(architecture, architecture.publishedInput ?? [1, 64, 64], 10)).map((row) => row.type)

describe('the activation of a whole network', () => {
  it.each(activationNames)('%s takes the place of every other, in blocks and shortcuts too', (name) => {
    const before = architectures.get('tc-resnet8')!
    const types = typesOf(withActivation(before, name))
    const wanted = name === 'leaky-relu' ? 'leakyRelu' : name
    expect(types).toEqual(typesOf(before).map((t) => (t === 'relu' ? wanted : t)))
    expect(types.filter((t) => t === wanted)).toHaveLength(10)
  })

  it('mixed activations become one; recurrent gates and attention stay', () => {
    expect(typesOf(withActivation(architectures.get('bc-resnet-1')!, 'tanh')).filter((t) => activations.includes(t))).toEqual(Array.from({ length: 30 }, () => 'tanh'))
    const lstm = architectures.get('lstm')!
    expect(withActivation(lstm, 'relu')).toEqual(lstm)
  })

  it('keeps names, drops settings of the old one, and changes nothing it was given', () => {
    const before: Architecture = {
      name: 'test',
      title: 'Test',
      input: 'any',
      layers: [{ type: 'sequential', name: 'all', layers: [{ type: 'flatten' }, { type: 'tanh', name: 'squash', scaled: true }, { type: 'linear', units: 'classes' }] }],
    }
    const copy = structuredClone(before)
    expect(withActivation(before, 'silu').layers).toEqual([
      { type: 'sequential', name: 'all', layers: [{ type: 'flatten' }, { type: 'silu', name: 'squash' }, { type: 'linear', units: 'classes' }] },
    ])
    expect(before).toEqual(copy)
  })

  it('the first weights follow the new activation', () => {
    const rules = (architecture: Architecture) => unwrap(planNetwork({ architecture, inputShape: [1, 8, 8], classes: 3 })).parameters.map((p) => p.initialiser)
    const mlp = architectures.get('mlp')!
    expect(rules(mlp)[0]).toBe('heUniform')
    expect(rules(withActivation(mlp, 'tanh'))[0]).toBe('lecunUniform')
  })
})

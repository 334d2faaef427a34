import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { architectures, describeNetwork, layerSchema, layerTypeData, layerTypes, planNetwork, type LayerSpec } from '../../../src-main/nn/index.ts'

const table = layerTypeData()
const of = (type: string) => table.find((t) => t.type === type)!
/** A network around one layer, with an input and whatever it needs before and behind it. */
const around = (layer: LayerSpec) => {
  const flat = ['linear'].includes(layer.type)
  const frames = ['selfAttention', 'positions', 'classToken', 'firstFrame'].includes(layer.type)
  const before: LayerSpec[] = flat ? [{ type: 'flatten' }] : frames ? [{ type: 'conv1d', filters: 8, kernel: 3 }] : []
  return { name: 'test', title: 'Test', input: 'any' as const, layers: [...before, layer, { type: 'flatten' as const }, { type: 'linear' as const, units: 'classes' as const }] }
}
const planned = (layer: LayerSpec) => {
  const network = unwrap(planNetwork({ architecture: around(layer), inputShape: [4, 16, 20], classes: 3 }))
  return { rows: unwrap(describeNetwork(around(layer), [4, 16, 20], 3)), parameters: network.parameters, buffers: network.buffers }
}

describe('the table of layer types', () => {
  it('has every type, and nothing that the layer list would refuse', () => {
    expect(table.map((t) => t.type)).toEqual(layerTypes)
    for (const { initial } of table) expect(layerSchema.safeParse(initial).error, initial.type).toBeUndefined()
  })

  it('knows every setting of every architecture that comes with Espectro', () => {
    const check = (layers: readonly LayerSpec[]): void => {
      for (const layer of layers) {
        const fields = new Map(of(layer.type).fields.map((f) => [f.name, f]))
        for (const [name, value] of Object.entries(layer)) {
          if (name === 'type' || name === 'name') continue
          expect(fields.has(name), `${layer.type}.${name}`).toBe(true)
          if (fields.get(name)!.kind === 'layers') check(value as LayerSpec[])
        }
        for (const field of fields.values()) if (field.required) expect(Object.hasOwn(layer, field.name), `${layer.type}.${field.name}`).toBe(true)
      }
    }
    for (const { layers } of architectures.values()) check(layers)
  })

  it('reads ranges and kinds from the schemas', () => {
    const field = (type: string, name: string) => of(type).fields.find((f) => f.name === name)
    expect(field('conv2d', 'filters')).toEqual({ name: 'filters', kind: 'number', min: 1, max: 65_536, integer: true, required: true, usual: null })
    expect(field('conv2d', 'kernel')).toMatchObject({ kind: 'pair', min: 1, required: true })
    expect(field('conv2d', 'padding')).toMatchObject({ kind: 'padding', sides: 4, min: 0, usual: 'valid' })
    expect(field('conv1d', 'padding')).toMatchObject({ kind: 'padding', sides: 2 })
    expect(field('linear', 'units')).toMatchObject({ kind: 'units', min: 1 })
    expect(field('dropout', 'rate')).toMatchObject({ kind: 'number', min: 0, max: 1, integer: false, required: true })
    expect(field('gru', 'returns')).toMatchObject({ kind: 'choice', choices: ['last', 'all'], usual: 'last' })
    expect(field('residual', 'broadcast')).toMatchObject({ kind: 'choice', choices: ['frequency'], required: false })
    expect(of('conv2d').stem).toBe('conv')
  })

  it('says a usual value that is the one that is taken', () => {
    for (const { fields, initial } of table) {
      if (initial.type === 'residual' || initial.type === 'sequential') continue
      const { padding: _, ...bare } = initial as LayerSpec & { padding?: unknown }
      for (const { name, usual } of fields)
        if (usual !== null) expect(planned({ ...bare, [name]: usual } as LayerSpec), `${initial.type}.${name}`).toEqual(planned(bare as LayerSpec))
    }
  })

  it('leaves no setting without a usual value unless that depends on something', () => {
    const open = table.flatMap(({ type, fields }) => fields.filter((f) => !f.required && f.usual === null && f.kind !== 'layers' && f.kind !== 'initialiser').map((f) => `${type}.${f.name}`))
    expect(open).toEqual(['conv2d.connections', 'maxPool.stride', 'avgPool.stride', 'trainableAvgPool.stride', 'selfAttention.headSize', 'residual.broadcast'])
  })
})

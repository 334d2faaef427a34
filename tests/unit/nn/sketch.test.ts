import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { architectures, countMacs, countParameters, describeNetwork, planNetwork, sketchNetwork, type Sketch } from '../../../src-main/nn/index.ts'

interface Layer { [setting: string]: unknown; body?: Layer[]; shortcut?: Layer[] }
type Draft = { name: string; input: unknown; layers: Layer[]; [setting: string]: unknown }
const draft = (name: string): Draft => JSON.parse(JSON.stringify(architectures.get(name))) as Draft
const sketch = (architecture: unknown, inputShape = [1, 64, 64], classes = 10): Sketch => sketchNetwork({ architecture, inputShape, classes })
const wrong = ({ rows }: Sketch) => rows.filter((r) => r.problem).map((r) => [r.path, r.place.join('.'), r.problem!.code, r.problem!.values])

describe('an architecture as it is being written', () => {
  it.each([...architectures.values()])('$name: the same sizes as the network', (architecture) => {
    const inputShape = architecture.input === 'any' ? (architecture.publishedInput ?? [1, 64, 64]) : architecture.input
    const network = unwrap(planNetwork({ architecture, inputShape, classes: 12 }))
    const found = sketch(architecture, [...inputShape], 12)
    expect(found).toMatchObject({ valid: true, problems: [], parameters: countParameters(network), macs: countMacs(network) })
    const rows = new Map(found.rows.map((r) => [r.path, r]))
    for (const { name, outputShape, parameters, macs, type } of unwrap(describeNetwork(architecture, inputShape, 12))) {
      expect(rows.get(name), name).toMatchObject(type === 'residual' ? { output: outputShape } : { output: outputShape, parameters, macs })
    }
  })

  it('names the layer that cannot be; what is before it keeps its sizes, what follows has none', () => {
    const lenet = draft('lenet5')
    lenet.layers[3]!['kernel'] = 99
    const found = sketch(lenet)
    expect(wrong(found)).toEqual([['conv2', '3', 'KERNEL_TOO_LARGE', { kernel: '99×99', input: '32×32' }]])
    expect(found.rows[2]).toMatchObject({ path: 'pool1', output: [6, 32, 32], problem: null })
    expect(found.rows.slice(3).every((r) => r.output === null)).toBe(true)
    expect(found.valid).toBe(false)
  })

  it('says which setting of which layer is no setting, inside blocks too', () => {
    const lenet = draft('lenet5')
    lenet.layers[3]!['kernel'] = 0
    delete lenet.layers[7]!['units']
    expect(wrong(sketch(lenet))).toEqual([['conv2', '3', 'SETTING', { setting: 'kernel' }], ['linear1', '7', 'SETTING', { setting: 'units' }]])
    const resnet = draft('tc-resnet8')
    const at = resnet.layers.findIndex((l) => l['type'] === 'residual')
    resnet.layers[at]!.body![0]!['filters'] = 'many'
    expect(wrong(sketch(resnet, [1, 40, 101]))).toEqual([['block1.conv1', `${at}.body.0`, 'SETTING', { setting: 'filters' }]])
  })

  it('a block whose ways do not meet says so at the block; a list of it that is empty too', () => {
    const resnet = draft('tc-resnet8')
    const at = resnet.layers.findIndex((l) => l['type'] === 'residual')
    const last = resnet.layers[at]!.body!.findLast((l) => l['type'] === 'conv1d' || l['type'] === 'conv2d')!
    last['filters'] = 7
    expect(wrong(sketch(resnet, [1, 40, 101]))).toEqual([['block1', String(at), 'BODY_IS_NOT_SHORTCUT', { body: '7×1×51', shortcut: '24×1×51' }]])
    resnet.layers[at]!.body = []
    expect(wrong(sketch(resnet, [1, 40, 101]))).toEqual([['block1', String(at), 'EMPTY_LIST', { setting: 'body' }]])
  })

  it('the last layer is told where the network does not end in one value a class', () => {
    const mlp = draft('mlp')
    mlp.layers.pop()
    expect(wrong(sketch(mlp)).map(([, , code]) => code)).toEqual(['LAST_SHAPE'])
    mlp.layers = []
    expect(sketch(mlp)).toMatchObject({ rows: [], problems: [{ code: 'NO_LAYER' }], valid: false })
  })

  it('says what is wrong with the whole', () => {
    const codes = (architecture: unknown, shape = [1, 64, 64]) => sketch(architecture, shape).problems.map((p) => p.code)
    expect(codes({ ...draft('lenet5'), name: 'My Net' })).toEqual(['NAME'])
    expect(codes({ ...draft('lenet5'), title: '' })).toEqual(['TITLE'])
    expect(codes(draft('lenet5-1998'))).toEqual(['INPUT_FIXED'])
    expect(codes({ ...draft('mlp'), layers: [{ type: 'flatten' }, { type: 'linear', units: 65_536 }, { type: 'linear', units: 'classes' }] })).toEqual(['TOO_LARGE'])
    expect(codes({ ...draft('mlp'), colour: 'red' })).toEqual(['OTHER'])
    for (const nothing of [null, 3, [], 'x', {}, { layers: [null, 3, { type: 'nothing' }] }]) expect(sketch(nothing).valid).toBe(false)
  })

  it('a name that is twice in a list is told at the second of them', () => {
    const mlp = draft('mlp')
    for (const layer of mlp.layers.filter((l) => l['type'] === 'linear')) layer['name'] = 'same'
    expect(wrong(sketch(mlp)).map(([path, , code]) => [path, code])).toEqual([['same', 'NAME_TWICE']])
  })
})

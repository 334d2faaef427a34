import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { describeNetwork, layerTypes, parseArchitecture, planNetwork, type Architecture, type LayerSpec } from '../../../src-main/nn/index.ts'

const network = (layers: LayerSpec[]): Architecture => ({ name: 'test', title: 'Test', input: 'any', layers })
const ending: LayerSpec[] = [{ type: 'flatten', name: 'end' }, { type: 'linear', name: 'classifier', units: 'classes' }]

/** The row of the layers before the classifier; `parameters` and `macs` summed over them. */
function measured(layers: LayerSpec[], input: number[]) {
  const rows = unwrap(describeNetwork(network([...layers, ...ending]), input, 3)).slice(0, -2)
  return {
    output: rows.at(-1)!.outputShape,
    parameters: rows.reduce((n, r) => n + r.parameters, 0),
    macs: rows.reduce((n, r) => n + r.macs, 0),
  }
}

function problem(layers: LayerSpec[], input: number[] = [1, 8, 8]): string {
  const result = describeNetwork(network(layers), input, 3)
  return result.ok ? 'fine' : result.error.message
}

describe('layers: shapes, parameters and multiply-accumulates', () => {
  const cases: [string, LayerSpec, number[], number[], number, number][] = [
    ['conv2d', { type: 'conv2d', filters: 4, kernel: 3 }, [2, 10, 12], [4, 8, 10], 4 * 2 * 9 + 4, 4 * 2 * 9 * 80],
    ['conv2d, same, stride 2', { type: 'conv2d', filters: 4, kernel: 3, stride: 2, padding: 'same', bias: false }, [2, 9, 12], [4, 5, 6], 72, 72 * 30],
    ['conv2d, [height, width] and uneven padding', { type: 'conv2d', filters: 4, kernel: [10, 4], stride: 2, padding: [4, 1, 5, 1] }, [1, 49, 10], [4, 25, 5], 164, 160 * 125],
    ['conv2d, dilation', { type: 'conv2d', filters: 1, kernel: 3, dilation: [1, 2] }, [1, 7, 7], [1, 5, 3], 10, 9 * 15],
    ['conv2d, depthwise', { type: 'conv2d', filters: 6, kernel: 3, padding: 1, groups: 6 }, [6, 5, 5], [6, 5, 5], 60, 54 * 25],
    ['conv2d, connections', { type: 'conv2d', filters: 2, kernel: 2, connections: [[0], [0, 1, 2]] }, [3, 3, 3], [2, 2, 2], 4 * 4 + 2, 16 * 4],
    ['conv1d reads the frequencies as channels', { type: 'conv1d', filters: 8, kernel: 3, padding: 1 }, [1, 40, 101], [8, 1, 101], 40 * 3 * 8 + 8, 960 * 101],
    ['batchNorm', { type: 'batchNorm' }, [6, 5, 5], [6, 5, 5], 12, 0],
    ['layerNorm', { type: 'layerNorm' }, [6, 5, 5], [6, 5, 5], 12, 0],
    ['maxPool, side by side', { type: 'maxPool', kernel: 2 }, [6, 7, 8], [6, 3, 4], 0, 0],
    ['maxPool, overlapping', { type: 'maxPool', kernel: 3, stride: 2 }, [6, 55, 55], [6, 27, 27], 0, 0],
    ['avgPool', { type: 'avgPool', kernel: [1, 4], stride: [1, 2], padding: [0, 1, 0, 1] }, [6, 5, 9], [6, 5, 4], 0, 0],
    ['trainableAvgPool', { type: 'trainableAvgPool', kernel: 2 }, [6, 28, 28], [6, 14, 14], 12, 6 * 196],
    ['globalAvgPool', { type: 'globalAvgPool' }, [6, 5, 5], [6], 0, 0],
    ['globalMaxPool', { type: 'globalMaxPool' }, [6, 5, 5], [6], 0, 0],
    ['gru', { type: 'gru', units: 8 }, [2, 5, 7], [8], 3 * 8 * (10 + 8) + 2 * 24, 7 * 24 * 18],
    ['gru, every frame', { type: 'gru', units: 8, bidirectional: true, returns: 'all' }, [2, 5, 7], [16, 1, 7], 2 * (24 * 18 + 48), 14 * 24 * 18],
    ['lstm', { type: 'lstm', units: 8 }, [1, 5, 7], [8], 32 * 13 + 32, 7 * 32 * 13],
    ['subSpectralNorm', { type: 'subSpectralNorm', bands: 5 }, [6, 10, 4], [6, 10, 4], 60, 0],
    ['layerNorm of each frame', { type: 'layerNorm', over: 'frame' }, [6, 1, 5], [6, 1, 5], 12, 0],
    ['frequencyAvgPool', { type: 'frequencyAvgPool' }, [6, 5, 7], [6, 1, 7], 0, 0],
    ['selfAttention', { type: 'selfAttention', heads: 2 }, [6, 1, 5], [6, 1, 5], 4 * 36 + 6, 5 * 36 * 4 + 2 * 25 * 6],
    ['selfAttention of heads of a size', { type: 'selfAttention', heads: 3, headSize: 4 }, [6, 1, 5], [6, 1, 5], 4 * 72 + 6, 5 * 72 * 4 + 2 * 25 * 12],
    ['positions', { type: 'positions' }, [6, 1, 5], [6, 1, 5], 30, 0],
    ['classToken', { type: 'classToken' }, [6, 1, 5], [6, 1, 6], 6, 0],
    ['firstFrame', { type: 'firstFrame' }, [6, 1, 5], [6], 0, 0],
    ['dropout', { type: 'dropout', rate: 0.5 }, [6, 5, 5], [6, 5, 5], 0, 0],
    ['gelu', { type: 'gelu' }, [6, 5, 5], [6, 5, 5], 0, 0],
  ]
  it.each(cases)('%s', (_, layer, input, output, parameters, macs) => {
    expect(measured([layer], input)).toEqual({ output, parameters, macs })
  })

  it('a residual block and its shortcut are counted, the addition is a row of its own', () => {
    const body: LayerSpec[] = [{ type: 'conv2d', filters: 4, kernel: 3, padding: 1, stride: 2 }]
    const shortcut: LayerSpec[] = [{ type: 'conv2d', filters: 4, kernel: 1, stride: 2 }]
    const rows = unwrap(describeNetwork(network([{ type: 'residual', body, shortcut }, ...ending]), [2, 8, 8], 3))
    expect(rows.map((r) => r.name)).toEqual(['block1.conv1', 'block1.shortcut.conv1', 'block1', 'end', 'classifier'])
    expect(rows[2]).toEqual({ name: 'block1', type: 'residual', outputShape: [4, 4, 4], parameters: 0, macs: 0 })
    expect(rows.slice(0, 3).map((r) => r.parameters)).toEqual([76, 12, 0])
  })

  it('parameters are named by the path of layer names', () => {
    const layers: LayerSpec[] = [
      { type: 'conv2d', filters: 2, kernel: 3, padding: 'same' },
      { type: 'sequential', name: 'tail', layers: [{ type: 'residual', body: [{ type: 'batchNorm' }] }, { type: 'conv2d', filters: 2, kernel: 1, bias: false }] },
      ...ending,
    ]
    const planned = unwrap(planNetwork({ architecture: network(layers), inputShape: [1, 4, 4], classes: 3 }))
    expect(planned.parameters.map((p) => p.name)).toEqual([
      'conv1.weight',
      'conv1.bias',
      'tail.block1.norm1.scale',
      'tail.block1.norm1.shift',
      'tail.conv1.weight',
      'classifier.weight',
      'classifier.bias',
    ])
    expect(planned.buffers.map((b) => b.name)).toEqual(['tail.block1.norm1.runningMean', 'tail.block1.norm1.runningVariance'])
  })
})

describe('layers: mistakes are named by layer', () => {
  it('a recurrent layer over raw samples is refused, before anything is unrolled', () => {
    for (const type of ['gru', 'lstm'] as const)
      expect(problem([{ type, units: 4 }, ending[1]!], [1, 1, 16_000])).toBe(
        `${type}1: 16000 frames are too long a sequence to unroll, the most are 512; use a front end with fewer frames or shorten it by strides before this layer`,
      )
  })

  const conv = (more: object = {}): LayerSpec => ({ type: 'conv2d', filters: 4, kernel: 3, ...more })
  it.each<[string, LayerSpec[]]>([
    ['conv2: kernel 5×5 is larger than its input 3×3', [conv({ kernel: 6 }), conv({ kernel: 5 })]],
    ['conv1: dilated kernel 9×9 is larger than its input 8×8', [conv({ dilation: 4 })]],
    ['conv1: kernel 11×11 is larger than its input 10×10 (padding included)', [conv({ kernel: 11, padding: 1 })]],
    ['conv1: 1 input channels do not divide into 2 groups', [conv({ groups: 2 })]],
    ['conv2: 3 filters do not divide into 2 groups', [conv(), conv({ filters: 3, groups: 2 })]],
    ['conv1: the connection table has 1 rows for 4 filters', [conv({ connections: [[0]] })]],
    ['conv1: row 1 of the connection table names channel 1 of 1 (the first is 0)', [conv({ filters: 2, connections: [[0], [0, 1]] })]],
    ['conv1: row 0 of the connection table names a channel twice', [conv({ filters: 1, connections: [[0, 0]] })]],
    ['pool1: kernel 9×9 is larger than its input 8×8', [{ type: 'maxPool', kernel: 9 }]],
    ['pool1: padding [2, 2, 2, 2] must be smaller than the kernel 2×2', [{ type: 'maxPool', kernel: 2, padding: 2 }]],
    ['head: needs a flat vector, but its input is 1×8×8; put a flatten or a global pool before it', [{ type: 'linear', name: 'head', units: 3 }]],
    ['conv1: needs channels, height and width, but its input is a flat vector of 64 values', [{ type: 'flatten' }, conv()]],
    ['gru1: needs frames, but its input is a flat vector of 64 values', [{ type: 'flatten' }, { type: 'gru', units: 4 }]],
    ['block1.conv1: kernel 9×9 is larger than its input 8×8', [{ type: 'residual', body: [conv({ kernel: 9 })] }]],
    ['block1: the body gives 4×6×6 but its input, which it is added to, is 1×8×8', [{ type: 'residual', body: [conv()] }]],
    ['block1: the body gives 4×6×6 but its shortcut gives 4×8×8', [{ type: 'residual', body: [conv()], shortcut: [conv({ padding: 1 })] }]],
    ['block1: the body gives 4×8×8; to be added at every frequency of 4×6×6 it must be 4×1×6', [conv(), { type: 'residual', broadcast: 'frequency', body: [conv({ padding: 2 })] }]],
    ['norm1: 8 frequencies do not divide into 5 bands', [{ type: 'subSpectralNorm', bands: 5 }]],
    ['norm1: needs frames of one row to normalise each, but its input is 1×8×8', [{ type: 'layerNorm', over: 'frame' }]],
    ['attention1: 3 features do not divide into 2 heads; give a headSize', [{ type: 'conv1d', filters: 3, kernel: 1 }, { type: 'selfAttention', heads: 2 }]],
    ['positions1: needs frames [features, 1, frame], but its input is 1×8×8; put a conv1d before it', [{ type: 'positions' }]],
    ['token1: needs frames [features, 1, frame], but its input is 64', [{ type: 'flatten' }, { type: 'classToken' }]],
    ['same: two layers of one list have this name', [conv({ name: 'same' }), conv({ name: 'same' })]],
    ["test gives 4×6×6 instead of one value for each of the 3 classes", [conv()]],
    ['test has 4294967296 parameters', [{ type: 'globalAvgPool' }, { type: 'linear', units: 65_536, bias: false }, { type: 'linear', units: 65_536, bias: false }, ...ending.slice(1)]],
  ])('%s', (message, layers) => {
    expect(problem(layers)).toContain(message.startsWith('test has') ? 'parameters for this input; the limit is' : message)
  })

  it.each<[string, object]>([
    ['layers[0].type', { type: 'convolution', filters: 3 }],
    ['layers[0].kernel', { type: 'conv2d', filters: 3, kernel: 0 }],
    ['layers[0]', { type: 'conv2d', filters: 3, kernel: 3, pading: 1 }],
    ['layers[0].rate', { type: 'dropout', rate: 1 }],
    ['layers[0].name', { type: 'relu', name: 'a.b' }],
    ['layers[0].body', { type: 'residual', body: [] }],
    ['layers[0].body[0].filters', { type: 'residual', body: [{ type: 'conv2d', filters: -1, kernel: 3 }] }],
    ['layers[0].initialiser', { type: 'linear', units: 3, initialiser: 'magic' }],
  ])('JSON that breaks a rule is refused at its place: %s', (place, layer) => {
    const parsed = parseArchitecture({ name: 'test', title: 'Test', input: 'any', layers: [layer] })
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect(parsed.error.message).toContain(`${place}: `)
  })

  it('docs/NETWORKS.md lists every layer type, and its example is valid', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/NETWORKS.md'), 'utf8')
    for (const type of layerTypes) expect(text, type).toMatch(new RegExp(`^\\| .*\`${type}\``, 'm'))
    const example = unwrap(parseArchitecture(JSON.parse(/```json\n([^`]*)```/.exec(text)![1]!)))
    expect(unwrap(describeNetwork(example, [1, 64, 64], 10)).at(-1)!.outputShape).toEqual([10])
  })
})

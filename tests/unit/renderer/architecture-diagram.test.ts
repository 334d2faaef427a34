import { describe, expect, it } from 'vitest'
import { architectures, sketchNetwork } from '../../../src-main/nn/index.ts'
import type { SketchRow } from '../../../src-contract/index.ts'
import { BAR_HEIGHT, layOut } from '../../../src-renderer/views/train/architecture/diagram.ts'

const drawn = (name: string, input: number[], available = 1200) =>
  layOut(sketchNetwork({ architecture: architectures.get(name), inputShape: input, classes: 10 }).rows as unknown as SketchRow[], input, available)

describe('the picture of a network', () => {
  it('fills the width where layers are few, and grows beyond it where they are many, without overlap', () => {
    for (const [name, input] of [['lenet5', [1, 64, 64]], ['tc-resnet14', [1, 40, 101]], ['bc-resnet-8', [1, 40, 101]]] as const) {
      const { bars, width, pitch } = drawn(name, [...input])
      bars.forEach((bar, i) => {
        expect(bar.height).toBeGreaterThan(0)
        expect(bar.height).toBeLessThanOrEqual(BAR_HEIGHT)
        expect(bar.x + bar.width / 2).toBeLessThan(width)
        const next = bars[i + 1]
        if (next) expect(bar.x + bar.width / 2, `${name} ${bar.row.path}`).toBeLessThan(next.x - next.width / 2)
      })
      expect(width > 1200).toBe(pitch === 17)
    }
    expect(drawn('bc-resnet-8', [1, 40, 101]).width).toBeGreaterThan(1200)
  })

  it('says a size where it changes, and never twice the same', () => {
    expect(drawn('lenet5', [1, 64, 64]).bars.flatMap((b) => b.size ?? [])).toEqual(['6×64×64', '6×32×32', '16×28×28', '16×14×14', '3136', '120', '84', '10'])
  })

  it('draws an arc over the body of each residual block, with what stands on its shortcut', () => {
    const { bars, arcs } = drawn('tc-resnet8', [1, 40, 101])
    expect(arcs.map((a) => a.layers.map((l) => l.type))).toEqual([['conv1d', 'batchNorm', 'relu'], ['conv1d', 'batchNorm', 'relu'], ['conv1d', 'batchNorm', 'relu']])
    for (const arc of arcs) {
      const under = bars.filter((b) => b.x > arc.from && b.x < arc.to).map((b) => b.row.path)
      expect(under.length).toBeGreaterThan(0)
      expect(under.every((path) => path.startsWith(`${arc.row.path}.`))).toBe(true)
    }
  })

  it('draws a network that is wrong in the middle as far as it goes', () => {
    const lenet = JSON.parse(JSON.stringify(architectures.get('lenet5'))) as { layers: { kernel?: number }[] }
    lenet.layers[3]!.kernel = 99
    const { bars } = layOut(sketchNetwork({ architecture: lenet, inputShape: [1, 64, 64], classes: 10 }).rows as unknown as SketchRow[], [1, 64, 64], 1200)
    expect(bars).toHaveLength(12)
    expect(bars.every((b) => Number.isFinite(b.x) && Number.isFinite(b.height))).toBe(true)
    expect(bars.slice(3).every((b) => b.size === null)).toBe(true)
  })
})

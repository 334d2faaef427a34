import { describe, expect, it } from 'vitest'
import type { Measurement, Model, Precision } from '../../../src-contract/index.ts'
import { cardBlocks } from '../../../src-renderer/views/models/card-blocks.ts'
import { readLabels } from '../../../src-renderer/views/models/label-list.ts'
import { guessFrontEnd } from '../../../src-renderer/views/models/network-fit.ts'
import { accuracyChange, classChanges } from '../../../src-renderer/views/models/precision-rows.ts'

const measured = (correct: readonly number[]): Measurement => ({
  split: 'test', clips: 20, accuracy: correct.reduce((a, b) => a + b, 0) / 20, interval: null, milliseconds: 1,
  classes: correct.map((c, i) => ({ label: `l${i}`, clips: i === 2 ? 0 : 10, correct: c })),
})
const models = (entries: readonly (readonly [Precision, Measurement | null])[]) => new Map(entries.map(([p, measurement]) => [p, { measurement } as Model]))

describe('what rounding does to each label', () => {
  it('is the difference of its recalls, and nothing where there is no clip', () => {
    const rows = classChanges(models([['float32', measured([10, 8, 0])], ['int8', measured([9, 9, 0])]]))
    expect(rows.map((r) => r.changes[0]!.change)).toEqual([expect.closeTo(-0.1, 10), expect.closeTo(0.1, 10), null])
    expect(accuracyChange(models([['float32', measured([10, 8, 0])], ['float16', measured([10, 6, 0])]]), 'float16')).toBeCloseTo(-10, 10)
  })
  it('needs float32 and another one', () => {
    expect(classChanges(models([['int8', measured([1, 1, 0])]]))).toEqual([])
    expect(classChanges(models([['float32', measured([1, 1, 0])], ['int8', null]]))).toEqual([])
    expect(accuracyChange(models([['float32', measured([1, 1, 0])]]), 'float32')).toBeNull()
  })
})

describe('labels', () => {
  it.each([
    ['a\nb\r\n\n c ', ['a', 'b', 'c']],
    ['["a", "b"]', ['a', 'b']],
    ['{"labels": ["x", "y"], "sampleRate": 8000}', ['x', 'y']],
    ['', []],
    ['[1, 2]', null],
    ['{"classes": []}', null],
    ['[', null],
  ])('%j', (text, labels) => expect(readLabels(text)).toEqual(labels))
})

describe('the front end that a network looks like it takes', () => {
  const frontEnds = [
    { name: 'square', config: { kind: 'logmel' }, shape: [1, 64, 64] },
    { name: 'wide', config: { kind: 'mfcc' }, shape: [1, 40, 101] },
    { name: 'raw', config: { kind: 'waveform' }, shape: [1, 1, 16_000] },
  ]
  const guess = (shape: (number | string)[]) => guessFrontEnd({ inputs: [{ name: 'x', type: 'float', shape }], frontEnds })
  it.each([
    [['N', 1, 40, 101], { frontEnd: 'wide', layout: 'N1FT', samples: null }],
    [['N', 101, 40], { frontEnd: 'wide', layout: 'NTF', samples: null }],
    [['N', 40, 101, 1], { frontEnd: 'wide', layout: 'NFT1', samples: null }],
    [['N', 8000], { frontEnd: 'raw', layout: 'NS', samples: 8000 }],
    [['N', 1, 16_000], { frontEnd: 'raw', layout: 'N1S', samples: 16_000 }],
    [['N', 3, 224, 224], null],
  ] as const)('%j', (shape, expected) => expect(guess([...shape])).toEqual(expected))
})

describe('cards as they read', () => {
  it('headings, text with emphasis, and tables with bars in their cells', () => {
    expect(cardBlocks('# A\n\n*Card.* Some\ntext\n\n| L | n |\n| --- | ---: |\n| a \\| b | `12` |\n\n|   |   |\n| --- | ---: |\n| x | y |\n')).toEqual([
      { type: 'heading', level: 1, text: 'A' },
      { type: 'text', parts: [{ text: 'Card.', emphasis: true }, { text: ' Some\ntext', emphasis: false }] },
      { type: 'table', head: ['L', 'n'], rows: [['a | b', '12']] },
      { type: 'table', head: null, rows: [['x', 'y']] },
    ])
  })
})

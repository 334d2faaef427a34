import { describe, expect, it } from 'vitest'
import { beginSteps, changed, redone, undone } from '../../../src-renderer/views/train/architecture/history.ts'
import { duplicateAt, freeName, insertAt, layerAt, moveTo, placeKey, removeAt, replaceAt, rowsOf, stepFrom, stepInto, type Layers, type Place } from '../../../src-renderer/views/train/architecture/tree.ts'

const TREE: Layers = [
  { type: 'conv2d', name: 'a' },
  { type: 'residual', name: 'b', body: [{ type: 'relu', name: 'b0' }, { type: 'sequential', name: 'g', layers: [{ type: 'tanh', name: 'g0' }] }], shortcut: [{ type: 'conv2d', name: 's0' }] },
  { type: 'flatten', name: 'c' },
  { type: 'linear', name: 'd' },
]
/** `a b(b0 g(g0) | s0) c d` */
const text = (layers: Layers): string =>
  layers.map((l) => {
    const list = (name: string) => (Array.isArray(l[name]) ? text(l[name] as Layers) : null)
    const inner = l['type'] === 'sequential' ? `(${list('layers')})` : l['type'] === 'residual' ? `(${list('body')}${list('shortcut') === null ? '' : ` | ${list('shortcut')}`})` : ''
    return `${String(l['name'] ?? '?')}${inner}`
  }).join(' ')
const moved = (from: Place, to: Place): string => {
  const result = moveTo(TREE, from, to)
  if (!result) return 'no'
  expect(layerAt(result.layers, result.place)).toBe(layerAt(TREE, from))
  return text(result.layers)
}

describe('a layer list as a tree', () => {
  it('finds, replaces, inserts and removes at every depth, and changes nothing it was given', () => {
    const before = JSON.stringify(TREE)
    expect(text(TREE)).toBe('a b(b0 g(g0) | s0) c d')
    expect(layerAt(TREE, [1, 'body', 1, 'layers', 0])).toMatchObject({ name: 'g0' })
    expect(layerAt(TREE, [1, 'shortcut', 3])).toBeUndefined()
    expect(layerAt(TREE, [9, 'body', 0])).toBeUndefined()
    expect(text(replaceAt(TREE, [1, 'body', 0], { type: 'gelu', name: 'x' }))).toBe('a b(x g(g0) | s0) c d')
    expect(text(insertAt(TREE, [1, 'body', 1, 'layers', 1], { type: 'gelu', name: 'x' }))).toBe('a b(b0 g(g0 x) | s0) c d')
    expect(text(insertAt(TREE, [4], { type: 'gelu', name: 'x' }))).toBe('a b(b0 g(g0) | s0) c d x')
    expect(text(removeAt(TREE, [1]))).toBe('a c d')
    expect(JSON.stringify(TREE)).toBe(before)
  })

  it('a shortcut without layers is no shortcut, and comes with its first layer', () => {
    const without = removeAt(TREE, [1, 'shortcut', 0])
    expect(without[1]).not.toHaveProperty('shortcut')
    expect(text(insertAt(without, [1, 'shortcut', 0], { type: 'gelu', name: 'x' }))).toBe('a b(b0 g(g0) | x) c d')
    expect(removeAt(removeAt(TREE, [1, 'body', 0]), [1, 'body', 0])[1]).toMatchObject({ body: [] })
  })

  it('a copy stands behind its original, without its name', () => {
    expect(text(duplicateAt(TREE, [1]))).toBe('a b(b0 g(g0) | s0) ?(b0 g(g0) | s0) c d')
    expect(text(duplicateAt(TREE, [1, 'body', 0]))).toBe('a b(b0 ? g(g0) | s0) c d')
  })

  it('moves within a list, into blocks, out of them and between their lists', () => {
    expect(moved([0], [2])).toBe('b(b0 g(g0) | s0) a c d')
    expect(moved([3], [0])).toBe('d a b(b0 g(g0) | s0) c')
    expect(moved([0], [1, 'body', 2])).toBe('b(b0 g(g0) a | s0) c d')
    expect(moved([0], [1, 'body', 1, 'layers', 0])).toBe('b(b0 g(a g0) | s0) c d')
    expect(moved([3], [1, 'shortcut', 1])).toBe('a b(b0 g(g0) | s0 d) c')
    expect(moved([1, 'body', 0], [0])).toBe('b0 a b(g(g0) | s0) c d')
    expect(moved([1, 'body', 0], [2])).toBe('a b(g(g0) | s0) b0 c d')
    expect(moved([1, 'body', 1, 'layers', 0], [1, 'body', 0])).toBe('a b(g0 b0 g() | s0) c d')
    expect(moved([1, 'shortcut', 0], [1, 'body', 1])).toBe('a b(b0 s0 g(g0)) c d')
  })

  it('does not move a block into itself, nor anything to where it is', () => {
    expect(moved([1], [1, 'body', 0])).toBe('no')
    expect(moved([1, 'body', 1], [1, 'body', 1, 'layers', 0])).toBe('no')
    expect(moved([2], [2])).toBe('no')
    expect(moved([2], [3])).toBe('no')
  })

  it('every move keeps every layer, wherever it goes', () => {
    const places = rowsOf(TREE).flatMap((row) => (row.kind === 'layer' ? [row.place] : []))
    const targets = [...places, ...rowsOf(TREE).flatMap((row): Place[] => (row.kind === 'list' ? [[...row.place, row.size]] : [])), [4]]
    const letters = (s: string) => s.match(/\w+/g)!.toSorted().join(' ')
    let count = 0
    for (const from of places)
      for (const to of targets) {
        const result = moved(from, to)
        if (result === 'no') continue
        count++
        expect(letters(result), `${placeKey(from)} to ${placeKey(to)}`).toBe(letters(text(TREE)))
      }
    expect(count).toBeGreaterThan(50)
  })

  it('steps by one, at the end of a block out of it, and into the block beside', () => {
    expect(stepFrom(TREE, [0], -1)).toBeNull()
    expect(stepFrom(TREE, [3], 1)).toBeNull()
    expect(moved([2], stepFrom(TREE, [2], 1)!)).toBe('a b(b0 g(g0) | s0) d c')
    expect(moved([1, 'body', 0], stepFrom(TREE, [1, 'body', 0], -1)!)).toBe('a b0 b(g(g0) | s0) c d')
    expect(moved([1, 'body', 1, 'layers', 0], stepFrom(TREE, [1, 'body', 1, 'layers', 0], 1)!)).toBe('a b(b0 g() g0 | s0) c d')
    expect(moved([0], stepInto(TREE, [0])!)).toBe('b(a b0 g(g0) | s0) c d')
    expect(moved([2], stepInto(TREE, [2])!)).toBe('a b(b0 g(g0) c | s0) d')
    expect(stepInto(TREE, [3])).toBeNull()
  })

  it('is shown line by line, with a head for each list of a block', () => {
    expect(rowsOf(TREE).map((r) => `${'  '.repeat(r.depth)}${r.kind === 'list' ? `[${r.list} ${r.size}]` : String(r.layer['name'])}`)).toEqual([
      'a', 'b', '  [body 2]', '  b0', '  g', '    [layers 1]', '    g0', '  [shortcut 1]', '  s0', 'c', 'd',
    ])
  })

  it('finds a name that is free', () => {
    const taken = new Set(['lenet5', 'lenet5-2', 'tc-resnet8'])
    expect(freeName('lenet5', (n) => taken.has(n))).toBe('lenet5-3')
    expect(freeName('new', (n) => taken.has(n))).toBe('new')
  })
})

describe('taking back', () => {
  it('goes back and forth; a new change forgets what was taken back; typing in one field is one step', () => {
    let steps = beginSteps('a')
    steps = changed(steps, 'b')
    steps = changed(steps, 'c1', 'field')
    steps = changed(steps, 'c2', 'field')
    steps = changed(steps, 'd', 'other')
    expect(undone(steps).now).toBe('c2')
    expect(undone(undone(steps)).now).toBe('b')
    expect(redone(redone(undone(undone(steps)))).now).toBe('d')
    const branch = changed(undone(undone(steps)), 'e')
    expect(redone(branch).now).toBe('e')
    expect([branch.now, undone(branch).now, undone(undone(undone(branch))).now]).toEqual(['e', 'b', 'a'])
    // After going back, the same field begins a step of its own.
    expect(undone(changed(undone(steps), 'c3', 'field')).now).toBe('c2')
  })
})

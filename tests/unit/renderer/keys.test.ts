import { describe, expect, it } from 'vitest'
import { keysOf, readBindings, rebind } from '../../../src-renderer/commands/bindings.ts'
import { chordCaps, chordOf } from '../../../src-renderer/commands/keys.ts'

const press = (key: string, modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers,
})

describe('chordOf', () => {
  it.each([
    [press('k', { ctrlKey: true }), false, 'Mod+K'],
    [press('k', { metaKey: true }), true, 'Mod+K'],
    [press('k', { ctrlKey: true }), true, 'Ctrl+K'],
    [press('Z', { ctrlKey: true, shiftKey: true }), false, 'Mod+Shift+Z'],
    [press(' '), false, 'Space'],
    [press('?', { shiftKey: true }), false, '?'],
    [press('ArrowDown', { shiftKey: true }), false, 'Shift+ArrowDown'],
    [press('1', { altKey: true }), false, 'Alt+1'],
    [press('ñ'), false, 'Ñ'],
    [press('Shift', { shiftKey: true }), false, null],
    [press('Dead'), false, null],
  ])('%o', (given, mac, wanted) => {
    expect(chordOf(given, mac)).toBe(wanted)
  })

  it('draws its keys', () => {
    expect(chordCaps('Mod+Shift+Z', false)).toEqual(['Ctrl', 'Shift', 'Z'])
    expect(chordCaps('Mod+Shift+Z', true)).toEqual(['⌘', '⇧', 'Z'])
    expect(chordCaps('Mod++', false)).toEqual(['Ctrl', '+'])
    expect(chordCaps('+', false)).toEqual(['+'])
    expect(chordCaps('ArrowUp', false)).toEqual(['↑'])
  })
})

describe('bindings', () => {
  const commands = [{ id: 'a', keys: ['Space'] }, { id: 'b', keys: ['Mod+B', 'Enter'] }]

  it('a chord means one thing', () => {
    const chosen = rebind(commands, {}, 'a', 'Enter')
    expect(keysOf(commands[0]!, chosen)).toEqual(['Enter'])
    expect(keysOf(commands[1]!, chosen)).toEqual(['Mod+B'])
  })

  it('what was stored is taken only where it makes sense', () => {
    expect(readBindings('{"a":["X"],"b":"no","c":[1]}')).toEqual({ a: ['X'] })
    for (const text of [null, '', '[]', 'null', '{', '3']) expect(readBindings(text)).toEqual({})
  })
})

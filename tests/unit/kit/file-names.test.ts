import { describe, expect, it } from 'vitest'
import { createUniqueNames, safeRelativeName } from '../../../src-main/kit/index.ts'

describe('names that another machine gives', () => {
  it.each([
    ['a/b/c.wav', 'a/b/c.wav'],
    ['../../etc/passwd', 'etc/passwd'],
    ['/root/x.wav', 'root/x.wav'],
    ['a//./b.wav', 'a/b.wav'],
    ['C:\\windows\\x.wav', 'C__windows_x.wav'],
    ['con.wav', '_con.wav'],
    ['folder/LPT1', 'folder/_LPT1'],
    ['trailing. /x.wav', 'trailing/x.wav'],
    ['a\u0000b\n.wav', 'a_b_.wav'],
    ['nin\u0303o.wav', 'ni\u00f1o.wav'],
    ['..', null],
    ['/', null],
    ['...', null],
  ])('%j is kept as %j', (name, wanted) => {
    expect(safeRelativeName(name)).toBe(wanted)
  })

  it('are not longer than any file system takes, and keep their extension', () => {
    const name = safeRelativeName(`${'x'.repeat(500)}.wav`)!
    expect(name.length).toBe(80)
    expect(name.endsWith('.wav')).toBe(true)
  })

  it('get a number where they were there before, in any case', () => {
    const unique = createUniqueNames()
    expect(['a.wav', 'A.wav', 'a.wav', 'a (2).wav', 'b/a.wav', 'noextension', 'noextension', '.hidden', '.hidden'].map(unique)).toEqual([
      'a.wav', 'A (2).wav', 'a (3).wav', 'a (2) (2).wav', 'b/a.wav', 'noextension', 'noextension (2)', '.hidden', ' (2).hidden',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { COLUMNS, readLayout } from '../../../src-renderer/stores/library-layout.ts'

describe('the layout of the Library', () => {
  it('is found again as it was stored', () => {
    const layout = { ...readLayout(null), mode: 'grid' as const, thumbnail: 240, shown: ['name' as const, 'take' as const] }
    layout.widths = { ...layout.widths, take: 99 }
    expect(readLayout(JSON.stringify(layout))).toEqual(layout)
  })

  it.each(['', 'nonsense', '[]', 'null', '{"shown":3,"widths":[],"thumbnail":"x","mode":1}', '{"widths":{"take":-5,"label":1e9}}'])('keeps what makes sense of %s', (text) => {
    expect(readLayout(text)).toEqual(readLayout(null))
  })

  it('always has a name, and its columns in one order', () => {
    expect(readLayout('{"shown":["review","wave","nothing"]}').shown).toEqual(['wave', 'name', 'review'])
    expect(readLayout(JSON.stringify({ shown: COLUMNS.toReversed() })).shown).toEqual(COLUMNS)
  })
})

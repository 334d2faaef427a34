import { describe, expect, it } from 'vitest'
import { parseRoute, routeAddress } from '../../../src-renderer/stores/route-address.ts'

describe('addresses of views', () => {
  it.each([
    ['', 'library', []],
    ['#/', 'library', []],
    ['#/editor/12', 'editor', ['12']],
    ['#/runs/a%2Fb/ñ', 'runs', ['a/b', 'ñ']],
    ['#/editor/%E0%A4%A', 'editor', ['%E0%A4%A']],
  ] as const)('%j is %s', (hash, view, path) => {
    expect(parseRoute(hash)).toEqual({ view, path })
  })

  it('come back as they were written', () => {
    expect(parseRoute(routeAddress('compare', 'año nuevo/1', 7))).toEqual({ view: 'compare', path: ['año nuevo/1', '7'] })
  })
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { browserOpener } from '../../../src-main/app/served/open-browser.ts'

const { noWindowBecause } = (await import(join(import.meta.dirname, '..', '..', '..', 'scripts', 'desktop.mjs'))) as {
  noWindowBecause: (platform: string, env: NodeJS.ProcessEnv, isRoot: boolean) => string | null
}
const address = 'http://127.0.0.1:4321/?token=a-b_c'

describe('opening the studio', () => {
  it.each([
    ['linux', { DISPLAY: ':0' }, 'xdg-open'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
    ['darwin', {}, 'open'],
    ['win32', {}, 'rundll32'],
  ] as const)('in the browser on %s with %j is by %s, the address an argument of its own', (platform, env, program) => {
    const opener = browserOpener(address, platform, env)
    expect(opener?.program).toBe(program)
    expect(opener?.args.at(-1)).toBe(address)
  })

  it('nowhere without a screen', () => {
    expect(browserOpener(address, 'linux', {})).toBeNull()
  })

  it.each([
    ['linux', {}, false, true],
    ['linux', { DISPLAY: ':0' }, true, true],
    ['linux', { DISPLAY: ':0' }, false, false],
    ['darwin', {}, false, false],
    ['win32', {}, false, false],
  ] as const)('in a window on %s with %j, root: %s, is impossible: %s', (platform, env, isRoot, impossible) => {
    expect(noWindowBecause(platform, env, isRoot) !== null).toBe(impossible)
  })
})

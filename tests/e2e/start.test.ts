import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, it } from 'vitest'
import { chromiumPath, NO_BROWSER } from '../support/browser.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'espectro-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
// A machine without a screen; Ctrl-C reaches every program of the group, as from a terminal.
const environment = { ...process.env, ESPECTRO_NO_INSTALL: '1', DISPLAY: '', WAYLAND_DISPLAY: '' }

async function addressOf(program: readonly string[]) {
  const child = spawn(process.execPath, program, { cwd: root, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  for await (const line of createInterface(child.stdout)) {
    const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(line)
    if (found) return { address: found[0], said: () => said, child }
  }
  throw new Error(`No address was printed: ${said}`)
}

// The page is built by this suite's set-up, where a browser is.
describe.skipIf(chromiumPath() === null)(`starting the studio (else: ${NO_BROWSER})`, () => {
  it.each([
    ['npm start, without a screen', ['scripts/start.mjs', '--library', join(folder, 'a'), '--no-open'], /no screen here.*served to the browser/],
    ['espectro serve', ['bin/espectro.mjs', '--library', join(folder, 'b'), 'serve', '--no-open'], /^/],
  ])('%s serves the page until it is interrupted', async (_name, program, reason) => {
    const { address, said, child } = await addressOf(program)
    expect(said()).toMatch(reason)
    const entrance = await fetch(address, { redirect: 'manual' })
    expect(entrance.status).toBe(303)
    const page = await fetch(new URL('/', address), { headers: { cookie: entrance.headers.get('set-cookie')!.split(';')[0]! } })
    expect(await page.text()).toContain('<title>Espectro</title>')
    const ended = once(child, 'exit')
    process.kill(-child.pid!, 'SIGINT')
    await ended
    await expect(fetch(address)).rejects.toThrow()
  })

  it('an unknown option is wrong usage', async () => {
    const child = spawn(process.execPath, ['scripts/start.mjs', '--nonsense'], { cwd: root, env: environment, stdio: 'ignore' })
    expect((await once(child, 'exit'))[0]).toBe(2)
  })
})

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type * as StudioModule from '../../src-main/app/studio.ts'
import type { forkChild } from '../../src-main/kit/index.ts'
import { chromiumPath, NO_BROWSER } from '../support/browser.ts'
import { tone } from '../support/studio.ts'
import { encodeWav } from '../../src-main/audio/index.ts'

const root = join(import.meta.dirname, '..', '..')
const built = (path: string) => join(root, 'out', 'main', 'src-main', path)
const load = <T>(path: string): Promise<T> => import(/* @vite-ignore */ pathToFileURL(built(path)).href) as Promise<T>

/**
 * The desktop window's build without its window: Node runs what Electron would, and every script of a process or
 * a thread is found where its starter looks. The build is made by the suite's set-up, where a browser is.
 */
describe.skipIf(chromiumPath() === null)(`the desktop build (else: ${NO_BROWSER})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-build-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has the main script that package.json names, a preload and a page', () => {
    const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { main: string }
    for (const path of [main, 'out/preload/index.cjs', 'out/renderer/index.html']) expect(existsSync(join(root, path)), path).toBe(true)
  })

  it('imports only what the packages carry', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
    const files = readdirSync(join(root, 'out', 'main'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile() && e.name.endsWith('.js'))
    expect(files.length).toBeGreaterThan(50)
    for (const { parentPath, name } of files)
      for (const [, from] of readFileSync(join(parentPath, name), 'utf8').matchAll(/^(?:import|export) .*?["']([^"'./][^"']*)["'];?$/gm)) {
        if (from!.startsWith('node:') || from === 'electron') continue
        const vendor = from!.split('/').slice(0, from!.startsWith('@') ? 2 : 1).join('/')
        expect(dependencies, `${name} imports ${from}`).toHaveProperty([vendor])
      }
  })

  it('opens a studio that decodes in its threads', async () => {
    const { openStudio } = await load<typeof StudioModule>('app/studio.js')
    const opened = openStudio({ library: join(folder, 'library'), page: join(root, 'out', 'renderer'), typedPaths: false, version: '1.2.3' })
    if (!opened.ok) throw opened.error
    await using studio = opened.value
    const path = join(folder, 'tone.wav')
    writeFileSync(path, encodeWav(tone(440, 0.5), 8000))
    const decoded = await studio.services.decodePool.decode({ path, sampleRate: null })
    expect(decoded.ok && decoded.value.samples.length).toBe(4000)
    expect(studio.services.version).toBe('1.2.3')
  })

  it.each([
    ['training/process/entry.js', { type: 'start', task: { kind: 'train', job: {} } }, { type: 'failed' }],
    ['recognition/process/entry.js', { id: 7, request: { type: 'load', path: join(folder, 'none.onnx'), threads: 1, memory: 1e9 } }, { id: 7, error: { code: 'NOT_FOUND' } }],
    ['runtime/device-probe.js', { device: 'none' }, { error: {} }],
    ['embedding/process/entry.js', {}, { type: 'failed', error: {} }],
    ['explanation/process/entry.js', { id: 7, request: { kind: 'look' } }, { id: 7, error: {} }],
  ])('%s answers', async (entry, message, answer) => {
    const { forkChild: start } = await load<{ forkChild: typeof forkChild }>('kit/child.js')
    const child = start(built(entry))
    const said = await new Promise((resolve) => {
      child.onMessage(resolve)
      child.onExit(resolve)
      child.send(message)
    })
    child.kill()
    expect(said).toMatchObject(answer)
  })
})

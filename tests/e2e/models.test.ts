import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '../../src-main/catalog/index.ts'
import { importFolder, splitDataset } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createTrainingRun, trainRun } from '../../src-main/runs/index.ts'
import { makeToneClips, SETTINGS } from '../integration/training-data.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { foreignNetwork } from '../support/foreign-network.ts'
import { unzip } from '../support/unzip.ts'

const runtime = join(import.meta.dirname, '..', '..', 'node_modules', 'onnxruntime-node')
/** A machine with other work to do takes long. */
const SLOW = { timeout: 30_000 }
const web = process.env['ONNXRUNTIME_WEB']
const why = chromiumPath() === null ? NO_BROWSER : null

describe.skipIf(why !== null)(`models in the browser (else: ${why ?? 'everything is here'})`, () => {
  let studio: StudioInBrowser
  let opened: Opened
  let saved = ''

  beforeAll(async () => {
    studio = await studioInBrowser()
    const library = unwrap(openLibrary(join(studio.folder, 'library')))
    makeToneClips(join(studio.folder, 'tones'))
    unwrap(await importFolder(library, { path: join(studio.folder, 'tones'), dataset: 'tones', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' } }))
    unwrap(splitDataset(library, 'tones', { test: 0.2, validation: 0.2 }))
    const run = unwrap(await createTrainingRun(library, { dataset: 'tones', settings: SETTINGS, device: 'cpu', threads: 1, name: 'Tones' }))
    unwrap(await trainRun(library, run.id))
    library.close()
    opened = await studio.open()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(async () => {
    expect(studio.complaints).toEqual([])
    await studio[Symbol.asyncDispose]()
  })

  it('a finished run is exported in all precisions, each measured', async () => {
    const { page } = opened
    await page.goto(`${studio.served.origin}/#/train`)
    await page.getByRole('button', { name: 'Export…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Export and measure' }).click()
    await dialog.getByRole('button', { name: 'Export again' }).waitFor()
    for (const precision of ['float32', 'float16', 'int8']) await expect.poll(() => dialog.getByRole('row', { name: new RegExp(`^${precision}`) }).textContent(), SLOW).toMatch(/\d+\.\d\d %.*ms/)
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('the card shows what it says, and what a person adds to it', async () => {
    const { page } = opened
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('tab', { name: 'Model card' }).click()
    await dialog.getByLabel('Intended use').fill('Telling pitches apart')
    await dialog.getByRole('article').getByText('Telling pitches apart').waitFor()
    await dialog.getByRole('heading', { name: 'Evaluation' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    // What is written now is another file than the one that was made.
    await dialog.getByRole('tab', { name: 'Files' }).click()
    for (const precision of ['float32', 'float16']) await dialog.getByRole('checkbox', { name: precision }).uncheck()
    await dialog.getByRole('button', { name: 'Export and measure' }).click()
    await dialog.getByRole('button', { name: 'Export again' }).waitFor()
  })

  it('probabilities are calibrated by a switch that says by how much', async () => {
    const { page } = opened
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('switch', { name: 'Calibrated probabilities' }).click()
    const said = await dialog.getByText(/^Divides the logits by [\d.]+, which/).textContent()
    expect(await dialog.getByLabel('Temperature').inputValue()).toBe(/by ([\d.]+),/.exec(said!)![1])
    await dialog.getByRole('button', { name: 'Export and measure' }).click()
    await dialog.getByRole('button', { name: 'Export again' }).waitFor()
    await dialog.getByRole('tab', { name: 'Model card' }).click()
    await dialog.getByRole('article').getByText(/calibrated probabilities, fitted on \d+ validation clips/).waitFor()
    await dialog.getByRole('tab', { name: 'Files' }).click()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('its folder is saved as a ZIP whose Node program recognises', async () => {
    const { page } = opened
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('With one test clip').check()
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('link', { name: 'Folder as ZIP' }).click()])
    expect(download.suggestedFilename()).toBe('Tones.zip')
    const folder = join(studio.folder, 'unpacked')
    for (const [path, bytes] of await unzip(readFileSync(await download.path()))) {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), bytes)
    }
    mkdirSync(join(folder, 'Tones', 'node', 'node_modules'))
    symlinkSync(runtime, join(folder, 'Tones', 'node', 'node_modules', 'onnxruntime-node'))
    const ran = spawnSync(process.execPath, ['recognise.mjs', '../example.wav'], { cwd: join(folder, 'Tones', 'node'), encoding: 'utf8' })
    expect(ran.stderr).toBe('')
    expect(ran.stdout).toMatch(/^\.\.\/example\.wav: (low|middle|high) \d/)
    expect(readFileSync(join(folder, 'Tones', 'card.md'), 'utf8')).toContain('Telling pitches apart')
    const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('link', { name: 'ONNX file' }).click()])
    saved = join(studio.folder, 'saved.onnx')
    await file.saveAs(saved)
  })

  /** 139 MB as npm installs it: too much to be there for one test. */
  it.skipIf(web === undefined)('its static page recognises in a browser, and loads nothing from elsewhere (else: set ONNXRUNTIME_WEB to an installed onnxruntime-web)', async () => {
    const folder = join(studio.folder, 'unpacked', 'Tones')
    mkdirSync(join(folder, 'browser', 'node_modules'))
    symlinkSync(web!, join(folder, 'browser', 'node_modules', 'onnxruntime-web'))
    const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript', json: 'application/json', wasm: 'application/wasm' }
    const server = createServer((request, response) => {
      const path = new URL(request.url!, 'http://x').pathname.replace(/\/$/, '/index.html')
      try {
        response.setHeader('content-type', types[path.split('.').at(-1)!] ?? 'application/octet-stream').end(readFileSync(join(folder, path)))
      } catch {
        response.writeHead(404).end()
      }
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const page = await opened.context.newPage()
    const elsewhere: string[] = []
    page.on('request', (r) => !r.url().startsWith(origin) && !r.url().startsWith('blob:') && elsewhere.push(r.url()))
    await page.goto(`${origin}/browser/`)
    await page.getByText('Ready.').waitFor()
    await page.getByLabel('A sound file').setInputFiles(join(folder, 'example.wav'))
    const [, label] = /: (\w+) /.exec(spawnSync(process.execPath, ['recognise.mjs', '../example.wav'], { cwd: join(folder, 'node'), encoding: 'utf8' }).stdout)!
    await page.getByRole('status').getByText(label!, { exact: true }).waitFor()
    expect(await page.getByRole('listitem').count()).toBe(3)
    expect(elsewhere).toEqual([])
    await page.close()
    server.closeAllConnections()
    server.close()
  })

  it('is written into a folder of the machine', async () => {
    const dialog = opened.page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Into a folder…' }).click()
    await dialog.getByLabel('Path of a folder').fill(studio.folder)
    await opened.page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: 'Write it here' }).click()
    await dialog.getByText(`Written to ${join(studio.folder, 'Tones')}`, { exact: true }).waitFor()
    expect(readdirSync(join(studio.folder, 'Tones')).sort()).toEqual(['README.md', 'browser', 'card.md', 'example.wav', 'front-end.json', 'labels.json', 'model.onnx', 'node', 'python'])
    await dialog.getByRole('button', { name: 'Close' }).last().click()
  })

  async function openModels(): Promise<void> {
    const { page } = opened
    await page.goto(`${studio.served.origin}/#/recognise`)
    await page.getByRole('button', { name: 'Listen' }).waitFor()
    await page.keyboard.press('Control+K')
    await page.getByPlaceholder('Type a command').fill('Models of the library')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('heading', { name: 'Models', exact: true }).waitFor()
    expect(new URL(page.url()).hash).toBe('#/recognise')
  }

  it('the models of the library are renamed, noted, binned and brought back', async () => {
    const { page } = opened
    await openModels()
    const dialog = page.getByRole('dialog')
    const list = dialog.getByRole('list', { name: 'Models' })
    await expect.poll(() => list.getByRole('listitem').count(), SLOW).toBe(5)
    await dialog.getByLabel('Name').fill('Renamed')
    await page.keyboard.press('Tab')
    await list.getByText('Renamed').waitFor()
    await dialog.getByRole('button', { name: 'Show the model card' }).click()
    await dialog.getByRole('heading', { name: 'Renamed' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'To the bin' }).click()
    await expect.poll(() => list.getByRole('listitem').count(), SLOW).toBe(4)
    await dialog.getByText('In the bin (1)').click()
    await dialog.getByRole('button', { name: 'Bring Renamed back' }).click()
    await list.getByText('Renamed').waitFor()
  })

  it('a saved file opens again, and a network from elsewhere is declared, tried and kept', async () => {
    const { page } = opened
    const dialog = page.getByRole('dialog')
    const field = dialog.locator('input[type=file][accept=".onnx"]')
    await field.setInputFiles(saved)
    await page.getByText('saved.onnx is a model of the library now', { exact: true }).waitFor()
    const theirs = join(studio.folder, 'theirs.onnx')
    writeFileSync(theirs, foreignNetwork({ shape: ['N', 101, 40], axis: 2 }))
    await field.setInputFiles(theirs)
    await dialog.getByText('pytorch 2.4.0').waitFor()
    // 40 bands × 101 frames, frames first: guessed from the shape.
    expect(await dialog.getByLabel('Front end before it').inputValue()).toBe('logmel-40x101')
    expect(await dialog.getByLabel('Order of the input').inputValue()).toBe('NTF')
    await dialog.getByLabel('Labels, in the order of its outputs').fill('low\nmiddle\nhigh')
    await dialog.getByText('3 labels of 2 classes').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Try and keep it' }).click()
    await dialog.getByRole('alert').getByText('2 classes, and there are 3 labels').waitFor()
    await dialog.getByLabel('Labels, in the order of its outputs').fill('["low", "high"]')
    await dialog.getByRole('button', { name: 'Try and keep it' }).click()
    await page.getByText('theirs recognises now', { exact: true }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Listen' }).count(), SLOW).toBeGreaterThan(0)
  })

  it('in Spanish and in light, on a small window, nothing overflows', async () => {
    const { page } = await studio.open({ locale: 'es', colorScheme: 'light', viewport: { width: 1280, height: 720 } })
    await page.goto(`${studio.served.origin}/#/train`)
    await page.getByRole('button', { name: 'Exportar…' }).click()
    await page.getByRole('dialog').getByRole('tab', { name: 'Ficha del modelo' }).click()
    await page.getByRole('dialog').getByRole('heading', { name: 'Evaluación' }).waitFor()
    expect(await page.evaluate(`document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll('[role=dialog]')].every((d) => d.getBoundingClientRect().bottom <= innerHeight)`)).toBe(true)
    expect(await accessibilityProblems(page)).toEqual([])
  })
})

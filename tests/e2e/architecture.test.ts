import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '../../src-main/catalog/index.ts'
import { importFolder, splitDataset } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { writeTones } from '../support/studio.ts'

const layers = (page: Page) => page.getByRole('treeitem').allInnerTexts().then((texts) => texts.map((text) => text.split(/\s/)[0]))
const layer = (page: Page, name: string | RegExp) => page.getByRole('treeitem', { name })

/** A page on a busy machine takes its time. */
const settled = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000 })

describe.skipIf(chromiumPath() === null)(`an architecture in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    const library = unwrap(openLibrary(join(studio.folder, 'library')))
    writeTones(join(studio.folder, 'tones'), ['no', 'yes'], ['ana', 'luis', 'eva'], 4)
    unwrap(await importFolder(library, { path: join(studio.folder, 'tones'), dataset: 'words', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' } }))
    unwrap(splitDataset(library, 'words', { group: 'speaker', test: 0.3, validation: 0.3 }))
    library.close()
    opened = await studio.open()
    await opened.page.getByRole('link', { name: 'Train', exact: true }).click()
    await opened.page.getByText(/parameters, .* MACs/).waitFor()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('opens the chosen network under a name of its own, with what each layer gives and costs', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Edit its layers' }).click()
    await layer(page, 'conv1').waitFor()
    await page.getByText(/^[\d,]+ parameters, .* MACs a clip$/).waitFor()
    expect(await layers(page)).toEqual(['conv1', 'relu1', 'pool1', 'conv2', 'relu2', 'pool2', 'flatten1', 'linear1', 'relu3', 'linear2', 'relu4', 'linear3'])
    expect(await layer(page, 'conv2').innerText()).toMatch(/16×28×28[\s\S]*2.42 k/)
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('lenet5-2')
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('names an impossible kernel at its layer, and goes on when it is put right', async () => {
    const { page } = opened
    await layer(page, 'conv2').click()
    await page.getByLabel('Kernel: height').fill('99')
    await layer(page, /conv2: kernel 99×99 is larger than its input 32×32/).waitFor()
    await page.getByText('1 problem').waitFor()
    expect(await layer(page, 'linear1').innerText()).toContain('–')
    await page.getByLabel('Kernel: height').fill('')
    await layer(page, /conv2: Kernel must be a whole number from 1 to 65536/).waitFor()
    await page.getByLabel('Kernel: height').fill('3')
    await page.getByText(/^[\d,]+ parameters, /).waitFor()
    expect(await layer(page, 'conv2').innerText()).toContain('16×30×30')
    await layer(page, 'linear1').click()
    await page.getByRole('spinbutton', { name: 'Units' }).fill('8')
    await settled(() => layer(page, 'linear1').innerText()).toMatch(/28.8 k/)
  })

  it('switches the activation of the whole network, back and forth', async () => {
    const { page } = opened
    await page.getByLabel('Activation…').selectOption('tanh')
    await settled(() => layers(page)).toContain('tanh4')
    await page.getByRole('button', { name: 'Take back the last change' }).click()
    await settled(() => layers(page)).toContain('relu4')
    await page.keyboard.press('Control+Shift+Z')
    await settled(() => layers(page)).toContain('tanh4')
  })

  it('adds, duplicates, moves and removes by keys and by dragging, each taken back', async () => {
    const { page } = opened
    const before = await layers(page)
    await layer(page, 'flatten1').click()
    await page.getByLabel('Add a layer…').first().selectOption('residual')
    await layer(page, 'block1').waitFor()
    await page.getByLabel('Add a layer…').first().selectOption('dropout')
    await layer(page, 'dropout1').click()
    await page.keyboard.press('Alt+ArrowRight')
    await settled(() => layer(page, 'dropout1').getAttribute('aria-level')).toBe('2')
    await page.keyboard.press('Control+D')
    await layer(page, 'dropout2').waitFor()
    await page.keyboard.press('Delete')
    await settled(() => layer(page, 'dropout2').count()).toBe(0)
    await layer(page, 'pool1').click()
    await page.keyboard.press('Alt+ArrowUp')
    await settled(async () => (await layers(page)).slice(0, 3)).toEqual(['conv1', 'pool1', 'tanh1'])
    await layer(page, 'pool1').dragTo(layer(page, 'conv1'), { targetPosition: { x: 200, y: 3 } })
    await settled(async () => (await layers(page)).slice(0, 3)).toEqual(['pool1', 'conv1', 'tanh1'])
    for (let i = 0; i < 7; i++) await page.keyboard.press('Control+Z')
    await settled(() => layers(page)).toEqual(before)
  })

  it('keeps it in the library under a name that is free', async () => {
    const { page } = opened
    const name = page.getByLabel('Name', { exact: true })
    await name.fill('lenet5')
    await page.getByText('This name comes with Espectro; choose another.').waitFor()
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true)
    await name.fill('Small Net')
    await page.getByText('Small letters, digits, hyphens and single dots').waitFor()
    await name.fill('small-net')
    await page.getByLabel('Title', { exact: true }).fill('Small net')
    await page.getByRole('button', { name: 'Save', exact: true, disabled: false }).click()
    await page.getByText('“small-net” is in the library').first().waitFor()
  })

  it('goes out as JSON and comes in again', async () => {
    const { page } = opened
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as a JSON file' }).click()])
    expect(download.suggestedFilename()).toBe('small-net.json')
    const file = await download.path()
    const written = JSON.parse(readFileSync(file, 'utf8')) as { name: string; layers: { type: string; kernel?: number }[] }
    expect(written.layers[3]).toMatchObject({ type: 'conv2d', kernel: 3 })
    const open = page.locator('input[type=file]')
    await open.setInputFiles({ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ ...written, name: 'other-net', title: 'Another' })) })
    await page.getByRole('heading', { name: 'Another' }).waitFor()
    expect(await layers(page)).toContain('tanh4')
    await open.setInputFiles({ name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{"a":1}') })
    await page.getByText('notes.json is not an architecture').first().waitFor()
    await page.keyboard.press('Control+Z')
    await page.getByRole('heading', { name: 'Small net' }).waitFor()
  })

  it('trains: two epochs of it', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Use', exact: true }).click()
    await settled(() => page.getByLabel('Architecture').inputValue()).toBe('small-net')
    await page.getByLabel('Epochs', { exact: true }).fill('2')
    await page.getByRole('button', { name: /^Train/, disabled: false }).click()
    await page.getByRole('heading', { name: /small-net on words/ }).waitFor()
    await page.getByText('Finished', { exact: true }).waitFor()
    await page.getByRole('region', { name: 'Result' }).getByText(/^Test, \d+ clips$/).waitFor()
  })

  it.each([
    ['light-es-small', { colorScheme: 'light', locale: 'es', viewport: { width: 1280, height: 720 } }],
    ['dark-en-small', { viewport: { width: 1280, height: 720 } }],
  ] as const)('is accessible and does not overflow with many layers: %s', async (_, options) => {
    const { page, context } = await studio.open(options)
    await page.getByRole('link', { name: /^(Train|Entrenar)$/ }).click()
    await page.getByRole('button', { name: /^(Edit its layers|Editar sus capas)$/ }).click()
    await page.getByRole('treeitem').first().waitFor()
    await page.getByLabel(/^(Start from|Partir de)…$/).selectOption('tc-resnet14')
    await settled(() => page.locator('[role=treeitem]').count()).toBeGreaterThan(50)
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight')).toBe(false)
    await context.close()
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    expect(studio.complaints).toEqual([])
  })
})

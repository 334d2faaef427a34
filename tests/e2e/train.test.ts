import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { importFolder, splitDataset } from '../../src-main/curation/index.ts'
import { openLibrary } from '../../src-main/catalog/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'

const SAMPLES = join(import.meta.dirname, '..', '..', 'resources', 'samples')
const shots = process.env['ESPECTRO_SHOTS']
const shot = async (page: Page, name: string): Promise<void> => {
  if (shots) await page.screenshot({ path: join(shots, `train-${name}.png`) })
}
const inked = (page: Page, chart: RegExp) =>
  page.getByRole('img', { name: chart }).locator('canvas').first().evaluate((canvas) => {
    const { width, height } = canvas as unknown as { width: number; height: number }
    const { data } = (canvas as unknown as { getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } } }).getContext('2d').getImageData(0, 0, width, height)
    return data.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0)
  })

describe.skipIf(chromiumPath() === null)(`training in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    const library = unwrap(openLibrary(join(studio.folder, 'library')))
    const labels = { from: 'filename', pattern: '{label}_{speaker}_{take}' } as const
    unwrap(await importFolder(library, { path: SAMPLES, dataset: 'digits', labels }))
    unwrap(splitDataset(library, 'digits', { group: 'speaker', test: 0.2, validation: 0.15 }))
    library.close()
    opened = await studio.open()
    await opened.page.getByRole('link', { name: 'Train', exact: true }).waitFor()
    await opened.page.keyboard.press('Control+4')
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('offers a good start: data, network with its layers, and what it will take', async () => {
    const { page } = opened
    await page.getByText('No training yet').waitFor()
    await page.getByText(/parameters, .* MACs/).waitFor()
    await page.getByRole('button', { name: 'Layers', exact: true }).click()
    await page.getByRole('cell', { name: 'conv1' }).waitFor()
    await page.getByText(/^About .* on the CPU/).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'form-dark')
    await page.getByRole('button', { name: 'Layers', exact: true }).click()
  })

  it('says beside a field what is wrong with it, and does not train', async () => {
    const { page } = opened
    await page.getByLabel('Epochs', { exact: true }).fill('0')
    await page.getByText('One thing stands in the way.').waitFor()
    expect(await page.getByLabel('Epochs', { exact: true }).getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByRole('button', { name: /^Train/ }).isDisabled()).toBe(true)
    await page.getByLabel('Architecture').selectOption({ value: 'alexnet' })
    await page.getByLabel('Architecture').selectOption({ value: 'lenet5' })
    await page.getByLabel('From sound to features').selectOption({ value: 'logmel-64x64' })
    await page.getByLabel('Epochs', { exact: true }).fill('400')
    await page.getByRole('button', { name: /^Train/, disabled: false }).waitFor()
  })

  it('trains by one key, the curves move, and a page that is loaded again is where it was', async () => {
    const { page } = opened
    await page.keyboard.press('Control+Enter')
    await page.getByText(/Epoch \d+ of 400, .* left/).waitFor()
    await page.getByRole('img', { name: /^Loss: training \d/ }).waitFor()
    const name = () => page.getByRole('img', { name: /^Loss:/ }).getAttribute('aria-label')
    const before = await name()
    await expect.poll(name, { timeout: 60_000 }).not.toBe(before)
    expect(await inked(page, /^Loss:/)).toBeGreaterThan(500)
    const worst = page.getByRole('region', { name: 'Most wrong about' })
    await worst.getByRole('button').first().waitFor()
    await shot(page, 'live-dark')
    await page.reload()
    await page.getByText(/Epoch \d+ of 400, .* left/).waitFor()
    await page.getByRole('img', { name: /^Loss: training \d.*validation \d/ }).waitFor()
    await worst.getByRole('button').first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('pauses, goes on, and stops with a result: measures, confusions, clips to hear', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText(/Epoch \d+ of 400, .* left/).waitFor()
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    const result = page.getByRole('region', { name: 'Result' })
    await result.getByText(/^Test, \d+ clips$/).waitFor()
    await result.getByText(/^95 %: /).first().waitFor()
    await page.getByRole('button', { name: /^\d+ epochs more$/ }).waitFor()
    const sound = page.waitForResponse((response) => response.url().includes('.wav'))
    await page.getByRole('region', { name: 'Most wrong about' }).getByRole('button').first().click()
    expect([200, 206]).toContain((await sound).status())
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'result-dark')
  })

  it('lets several wait, takes one out, and puts a run into the bin and back', async () => {
    const { page } = opened
    await page.getByLabel('Epochs', { exact: true }).fill('2000')
    for (const name of ['first', 'second', 'third']) {
      await page.getByRole('textbox', { name: 'Name' }).fill(name)
      await page.getByRole('button', { name: /^Train/, disabled: false }).click()
      await page.getByRole('link', { name: new RegExp(`${name}`) }).first().waitFor()
    }
    await page.getByRole('heading', { name: 'Queue (2)' }).waitFor()
    await shot(page, 'queue-dark')
    await page.getByRole('button', { name: 'Take “third” out of the queue' }).click()
    await page.getByRole('heading', { name: 'Queue (1)' }).waitFor()
    await page.getByRole('button', { name: 'Take “second” out of the queue' }).click()
    await page.getByRole('link', { name: /first/ }).first().click()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Go on' }).waitFor()
    await page.getByRole('link', { name: /third/ }).click()
    await page.getByRole('button', { name: 'Move to the bin' }).click()
    await expect.poll(() => page.getByRole('link', { name: /third/ }).count()).toBe(0)
    await page.getByRole('listitem').filter({ hasText: 'is in the bin' }).getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: /third/ }).waitFor()
  })

  it.each([
    ['light-es-small', { colorScheme: 'light', locale: 'es', viewport: { width: 1280, height: 720 } }, 'Entrenamientos'],
    ['light-en', { colorScheme: 'light' }, 'Runs'],
  ] as const)('is accessible and does not overflow: %s', async (name, options, heading) => {
    const { page, context } = await studio.open(options)
    await page.getByRole('link', { name: /^(Train|Entrenar)$/ }).click()
    await page.getByRole('heading', { name: heading, exact: true }).waitFor()
    await page.getByRole('link', { name: /lenet5 on digits/ }).click()
    await page.getByRole('img', { name: /^(Loss|Pérdida): / }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight')).toBe(false)
    await shot(page, name)
    await context.close()
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    expect(studio.complaints).toEqual([])
  })
})

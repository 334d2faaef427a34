import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { importFolder, splitDataset } from '../../src-main/curation/index.ts'
import { openLibrary } from '../../src-main/catalog/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { makeToneClips } from '../integration/training-data.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'

/** All trainings of an experiment, on a machine that does other things too. */
const LONG = { timeout: 200_000 }
const shots = process.env['ESPECTRO_SHOTS']
const shot = async (page: Page, name: string): Promise<void> => {
  if (shots) await page.screenshot({ path: join(shots, `experiments-${name}.png`) })
}
const overflows = (page: Page) => page.evaluate('document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight')

describe.skipIf(chromiumPath() === null)(`experiments in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    const library = unwrap(openLibrary(join(studio.folder, 'library')))
    const labels = { from: 'filename', pattern: '{label}_{speaker}_{take}' } as const
    makeToneClips(join(studio.folder, 'tones'))
    unwrap(await importFolder(library, { path: join(studio.folder, 'tones'), dataset: 'tones', labels }))
    unwrap(splitDataset(library, 'tones', { test: 0.2, validation: 0.2 }))
    library.close()
    opened = await studio.open()
    await opened.page.getByRole('link', { name: 'Train', exact: true }).waitFor()
    await opened.page.keyboard.press('Control+4')
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  const tick = async (list: string, wanted: readonly RegExp[]): Promise<void> => {
    const boxes = opened.page.getByRole('list', { name: list }).getByRole('checkbox')
    for (const box of await boxes.all()) await box.setChecked(false)
    for (const name of wanted) await opened.page.getByRole('list', { name: list }).getByRole('checkbox', { name }).check()
  }

  it('plans an experiment: each condition with its network, what does not fit, and how long it takes', async () => {
    const { page } = opened
    await page.getByRole('link', { name: 'Experiment', exact: true }).click()
    await page.getByRole('heading', { name: 'New experiment' }).waitFor()
    await tick('Architectures', [/^Multilayer/, /as published in 1998/])
    await tick('Augmentation', [/^none$/, /^standard$/])
    await page.getByLabel('Seeds', { exact: true }).fill('2')
    await page.getByLabel('Epochs', { exact: true }).fill('3')
    // A front end for all that the network of 1998 cannot take: said for its conditions, and nothing begins.
    await page.getByRole('combobox', { name: 'Front end' }).selectOption('logmel-64x64')
    await page.getByText('Start 8 trainings').waitFor()
    await page.getByText(/^2 things stand in the way/).waitFor()
    expect(await page.getByRole('button', { name: /^Start/ }).isDisabled()).toBe(true)
    await shot(page, 'plan-problem-dark')
    await page.getByRole('combobox', { name: 'Front end' }).selectOption('')
    await page.getByRole('button', { name: 'Start 8 trainings', disabled: false }).waitFor()
    await page.getByText(/^About .* to .*\.$/).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'plan-dark')
  })

  it('trains all of it, chooses by validation, tests once, and says whether differences are more than chance', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Start 8 trainings' }).click()
    await page.getByText(/\d of 8 trainings are over/).waitFor()
    await page.getByText(/: epoch \d+ of 3/).waitFor()
    await shot(page, 'running-dark')
    await page.getByText('Finished', { exact: true }).first().waitFor(LONG)
    await page.getByText(/^Chosen by validation alone:/).waitFor()
    await page.getByText(/The test clips were given to 8 runs, once each/).waitFor()
    const differences = page.getByRole('region', { name: 'Is it more than chance?' })
    await differences.getByText(/Paired bootstrap over the \d+ clips/).waitFor()
    expect(await differences.getByRole('row').count()).toBe(4)
    await differences.getByRole('combobox', { name: 'Clips' }).selectOption('test')
    await differences.getByText(/Paired bootstrap over the \d+ clips/).waitFor()
    await page.getByRole('img', { name: /^Validation accuracy: / }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'result-dark')
  })

  it('hands its table over as CSV and its report as Markdown with figures', async () => {
    const { page } = opened
    const saved = async (button: string): Promise<string> => {
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: button, exact: true }).click()
      return readFileSync(await (await download).path(), 'utf8')
    }
    const csv = (await saved('CSV')).trim().split('\r\n')
    expect(csv).toHaveLength(5)
    expect(csv[0]).toMatch(/^architecture,augment,parameters,runs,/)
    expect(csv[1]).toMatch(/^[\w-]+,none,\d+,2,3,finished,/)
    const markdown = await saved('Report')
    expect(markdown).toContain('## Results')
    expect(markdown).toMatch(/Student’s t/)
    expect(markdown).toMatch(/Paired bootstrap over the \d+ clips/)
    expect(markdown.match(/!\[[^\]]*\]\(data:image\/png;base64,[\w+/=]{1000,}\)/g)).toHaveLength(2)
  })

  it('searches by successive halving: losers are pruned, the best is shown, and what mattered', async () => {
    const { page } = opened
    await page.getByRole('link', { name: 'Search', exact: true }).click()
    await page.getByRole('heading', { name: 'New search' }).waitFor()
    await page.getByLabel('How it searches').selectOption('halving')
    await page.getByLabel('Trials', { exact: true }).fill('9')
    await page.getByLabel('First epochs').fill('1')
    await page.getByLabel('Epochs', { exact: true }).fill('9')
    await page.getByRole('checkbox', { name: 'Label smoothing' }).check()
    await page.getByText('9 to epoch 1', { exact: true }).waitFor()
    await page.getByText('1 to epoch 9', { exact: true }).waitFor()
    await shot(page, 'search-plan-dark')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Start 9 trials', disabled: false }).click()
    await page.getByText(/The best so far/).waitFor()
    await page.getByText('Finished', { exact: true }).first().waitFor(LONG)
    const table = page.getByRole('table', { name: 'Trials from the best to the worst' })
    expect(await table.getByText('pruned').count()).toBe(8)
    await page.getByText(/^Tested once: /).waitFor()
    await page.getByRole('region', { name: 'What mattered' }).getByText(/from 9 trials/).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'search-result-dark')
    await page.getByRole('button', { name: 'Take its settings' }).click()
    await page.getByText('The form has the settings of this run', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Run', exact: true }).waitFor()
  })

  it('is cancelled and goes on', async () => {
    const { page } = opened
    await page.getByRole('link', { name: 'Experiment', exact: true }).click()
    await page.getByLabel('Epochs', { exact: true }).fill('500')
    await page.getByRole('button', { name: 'Start 8 trainings', disabled: false }).click()
    await page.getByText(/: epoch \d+ of 500/).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText(/^Cancelled · 0 of 8/).waitFor()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText(/: epoch \d+ of 500/).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText(/^Cancelled · 0 of 8/).waitFor()
    await page.getByRole('button', { name: 'Move to the bin, with its runs' }).click()
    await expect.poll(() => page.getByRole('complementary').getByRole('link').filter({ hasText: /^Cancelled/ }).count(), { timeout: 30_000 }).toBe(0)
  })

  it.each([
    ['light-es-small', { colorScheme: 'light', locale: 'es', viewport: { width: 1280, height: 720 } }],
    ['light-en', { colorScheme: 'light' }],
  ] as const)('is accessible and does not overflow: %s', async (name, options) => {
    const { page, context } = await studio.open(options)
    await page.getByRole('link', { name: /^(Train|Entrenar)$/ }).click()
    await page.getByRole('link', { name: /^(Experiment|Experimento)$/ }).click()
    await page.getByRole('button', { name: /^(Start|Empezar) \d+/ }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await overflows(page)).toBe(false)
    await shot(page, `plan-${name}`)
    await page.getByRole('complementary').getByRole('link', { name: /^(Finished|Terminado)/ }).first().click()
    await page.getByText(/^(Chosen by validation alone|Elegido solo por validación):/).waitFor()
    await page.getByRole('img', { name: /^(Validation accuracy|Exactitud en validación): / }).waitFor()
    await page.getByText(/(Paired bootstrap|Bootstrap pareado)/).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await overflows(page)).toBe(false)
    await shot(page, `result-${name}`)
    await page.getByRole('link', { name: /^(Search|Búsqueda)$/ }).click()
    await shot(page, `search-plan-${name}`)
    await page.getByRole('complementary').getByRole('link', { name: /^(Finished|Terminado)/ }).first().click()
    await page.getByRole('region', { name: /^(What mattered|Qué importó)$/ }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await overflows(page)).toBe(false)
    await shot(page, `search-result-${name}`)
    await context.close()
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    expect(studio.complaints).toEqual([])
  })
})

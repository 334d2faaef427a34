import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listClipRows, openLibrary } from '../../src-main/catalog/index.ts'
import { importFolder, setLabel, splitDataset } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createTrainingRun, trainRun } from '../../src-main/runs/index.ts'
import { makeToneClips, SETTINGS } from '../integration/training-data.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'

const shots = process.env['ESPECTRO_SHOTS']
const shot = async (page: Page, name: string): Promise<void> => {
  if (shots) await page.screenshot({ path: join(shots, `inspect-${name}.png`) })
}

describe.skipIf(chromiumPath() === null)(`inspecting a run in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened
  let planted: { name: string; truth: string; given: string }

  beforeAll(async () => {
    studio = await studioInBrowser()
    makeToneClips(join(studio.folder, 'tones'))
    const library = unwrap(openLibrary(join(studio.folder, 'library')))
    unwrap(await importFolder(library, { path: join(studio.folder, 'tones'), dataset: 'tones', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' } }))
    unwrap(splitDataset(library, 'tones', { test: 0.2, validation: 0.2 }))
    const clips = listClipRows(library.catalog, 1)
    // A mistake to be found: a validation clip with another's label. And three clips without one.
    const wrong = clips.find((c) => c.split === 'validation')!
    unwrap(setLabel(library, 'tones', [wrong.id], clips.find((c) => c.label !== wrong.label)!.label))
    // And one among those that it learns from, which no matrix shows.
    const doubtful = clips.filter((c) => c.split === 'train')[6]!
    planted = { name: doubtful.source!, truth: doubtful.label!, given: clips.find((c) => c.label !== doubtful.label)!.label! }
    unwrap(setLabel(library, 'tones', [doubtful.id], planted.given))
    unwrap(setLabel(library, 'tones', clips.filter((c) => c.split === 'train').slice(0, 3).map((c) => c.id), null))
    const run = unwrap(await createTrainingRun(library, { dataset: 'tones', settings: { ...SETTINGS, epochs: 25, select: 'last' }, device: 'cpu', threads: 1, name: 'tones' }))
    unwrap(await trainRun(library, run.id))
    library.close()
    opened = await studio.open()
    await opened.page.getByRole('link', { name: 'Inspect', exact: true }).waitFor()
    await opened.page.keyboard.press('Control+3')
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('goes from the matrix to the clip by keys, relabels it, and takes that back', async () => {
    const { page } = opened
    const grid = page.getByRole('grid', { name: 'Confusion matrix' })
    await grid.waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await grid.focus()
    await page.keyboard.press('.')
    await page.keyboard.press('Enter')
    const clips = page.getByRole('listbox', { name: 'Clips of the cell' })
    await clips.getByRole('option').first().waitFor()
    await page.getByRole('img', { name: 'Spectrogram of the clip' }).waitFor()
    const title = (await page.getByRole('heading', { name: / → / }).textContent())!
    const recognised = title.split(' → ')[1]!
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'cell-dark')
    await page.getByRole('group', { name: 'Labels' }).getByRole('button', { name: recognised }).click()
    await clips.getByRole('option').first().getByText(`→ ${recognised}`).waitFor()
    await page.getByRole('button', { name: /^Retrain 1$/ }).waitFor()
    await page.keyboard.press('Control+z')
    await page.getByText(/^Undone/).waitFor()
    await expect.poll(() => clips.getByText(`→ ${recognised}`).count()).toBe(0)
    await page.getByRole('button', { name: /^Retrain$/ }).waitFor()
  })

  it('marks the clip as hard, relabels it by its key, and trains again with the correction', async () => {
    const { page } = opened
    const clips = page.getByRole('listbox', { name: 'Clips of the cell' })
    await page.keyboard.press('Alt+h')
    await clips.getByRole('option').first().getByRole('img', { name: 'Hard' }).waitFor()
    const recognised = (await page.getByRole('heading', { name: / → / }).textContent())!.split(' → ')[1]!
    const key = (await page.getByRole('group', { name: 'Labels' }).getByRole('button', { name: recognised }).locator('kbd').textContent())!
    await page.keyboard.press(key.toLowerCase())
    await page.getByRole('button', { name: /^Retrain 1$/ }).waitFor()
    await page.keyboard.press('Control+Shift+Enter')
    await page.getByText('The training waits in the queue', { exact: true }).waitFor()
    await page.getByRole('link', { name: /^Retrained: \d+\.\d %$/ }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => clips.count()).toBe(0)
  })

  it.each(['Precision, recall, ROC', 'Thresholds', 'Reliability', 'Speakers, length, noise', 'Label errors', 'Label next'])('shows %s', async (tab) => {
    const { page } = opened
    await page.getByRole('link', { name: tab, exact: true }).click()
    await page.getByRole('region', { name: tab, exact: true }).waitFor()
    await expect.poll(() => page.getByText('Loading…').count()).toBe(0)
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, tab.replaceAll(/\W+/g, '-'))
  })

  it('finds a wrong label, shows the right one as a suggestion until it is accepted, and takes that back', async () => {
    const { page } = opened
    await page.getByRole('link', { name: 'Label errors', exact: true }).click()
    await page.getByLabel('Folds').selectOption('3')
    await page.getByRole('button', { name: 'Check the labels' }).click()
    await page.getByRole('progressbar', { name: 'Progress' }).waitFor()
    const list = page.getByRole('listbox', { name: 'Label errors' })
    const row = list.getByRole('option').filter({ hasText: planted.name })
    await row.waitFor()
    expect(await row.textContent()).toContain(`Suggested: ${planted.truth}`)
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'errors-found')
    // With the keyboard alone: to its row, and into Review from there on.
    await list.focus()
    await page.keyboard.press('Home')
    for (let i = await row.evaluate((option) => Number(option.id.split('-').at(-1))); i > 0; i--) await page.keyboard.press('ArrowDown')
    await expect.poll(() => row.getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('Enter')
    const given = page.getByRole('group', { name: 'Labels' }).getByRole('button', { name: new RegExp(`^${planted.given}`) })
    const heard = async (): Promise<void> => {
      await page.locator('section[aria-busy="false"]').waitFor()
      await page.getByRole('button', { name: `Accept “${planted.truth}”` }).waitFor()
      await page.getByRole('button', { name: `Keep “${planted.given}”` }).waitFor()
      await expect.poll(() => given.getAttribute('aria-pressed')).toBe('true')
    }
    await heard()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByText(/^2 of|^All heard$/).waitFor()
    await page.keyboard.press('ArrowLeft')
    await heard()
    // Skipped, it stays a suggestion; accepted, it is the label.
    await page.keyboard.press('ArrowRight')
    await page.getByText(/^2 of|^All heard$/).waitFor()
    await page.keyboard.press('ArrowLeft')
    await heard()
    await page.keyboard.press('Enter')
    await page.getByText(/^2 of|^All heard$/).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => row.textContent()).toContain(`now${planted.truth}`)
    await page.getByRole('button', { name: /^Retrain \d+$/ }).waitFor()
    await page.getByRole('button', { name: 'Throw the check away' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Throw the check away' }).click()
    await page.getByText('Which labels are wrong?').waitFor()
  })

  it('chooses what to label next, and a suggestion is a label once it is accepted', async () => {
    const { page } = opened
    await page.getByRole('link', { name: 'Label next', exact: true }).click()
    await page.getByRole('button', { name: 'Choose', exact: true }).click()
    await page.getByRole('button', { name: 'Label 3 clips' }).click()
    await page.getByText('1 of 3').waitFor()
    await page.getByText('Suggested:', { exact: false }).first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'suggestion')
    // What was chosen is still there on the way back.
    await page.keyboard.press('Escape')
    await page.getByRole('listbox', { name: 'Label next' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('1 of 3').waitFor()
    await page.locator('section[aria-busy="false"]').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('2 of 3').waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.getByText('1 of 3').waitFor()
    await page.getByText('Suggested:', { exact: false }).first().waitFor()
    for (const place of ['2 of 3', '3 of 3']) {
      await page.locator('section[aria-busy="false"]').waitFor()
      await page.keyboard.press('Enter')
      await page.getByText(place).waitFor()
    }
    await page.locator('section[aria-busy="false"]').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'All heard' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Label next', exact: true }).waitFor()
    await page.getByText('Every clip has a label').waitFor()
  })

  it.each([
    ['light-es-small', { colorScheme: 'light', locale: 'es', viewport: { width: 1280, height: 720 } }, /^Confusión$/],
    ['light-en', { colorScheme: 'light' }, /^Confusion$/],
  ] as const)('is accessible and does not overflow: %s', async (name, options, tab) => {
    const { page, context } = await studio.open(options)
    await page.getByRole('link', { name: /^(Inspect|Inspeccionar)$/ }).click()
    await page.getByRole('link', { name: tab }).click()
    await page.getByRole('grid').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight')).toBe(false)
    await shot(page, name)
    await context.close()
  })

  it('exports the run that is looked into', async () => {
    const { page, context } = await studio.open()
    await page.getByRole('link', { name: 'Inspect', exact: true }).click()
    await page.getByRole('button', { name: 'Export…' }).click()
    const dialog = page.getByRole('dialog', { name: /^Export “tones/ })
    await dialog.getByRole('switch', { name: 'Calibrated probabilities' }).waitFor()
    await context.close()
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    expect(studio.complaints).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '../../src-main/catalog/index.ts'
import { importFolder, splitDataset } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { parseArchitecture } from '../../src-main/nn/index.ts'
import { createTrainingRun, trainRun } from '../../src-main/runs/index.ts'
import { makeToneClips, SETTINGS } from '../integration/training-data.ts'
import { unzip } from '../support/unzip.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'

const shots = process.env['ESPECTRO_SHOTS']
const shot = async (page: Page, name: string): Promise<void> => {
  if (shots) await page.screenshot({ path: join(shots, `compare-${name}.png`) })
}
const wide = unwrap(parseArchitecture({ ...SETTINGS.architecture, name: 'wide', layers: SETTINGS.architecture.layers.map((layer) => (layer.type === 'conv2d' ? { ...layer, filters: 8 } : layer)) }))
/** Asks again until it is so: a busy machine takes its time. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 60_000 })
/** The last learns too slowly to be right: the others disagree with it. */
const RUNS = [
  { name: 'tiny one', settings: { seed: 1, epochs: 8 } },
  { name: 'tiny two', settings: { seed: 2, epochs: 8 } },
  { name: 'wide one', settings: { architecture: wide, seed: 1, epochs: 6 } },
  { name: 'slow', settings: { seed: 3, epochs: 2, schedule: { ...SETTINGS.schedule, rate: 0.0001 } } },
] as const

describe.skipIf(chromiumPath() === null)(`comparing runs in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened
  const table = (page: Page): Locator => page.getByRole('treegrid', { name: 'Runs' })
  const line = (page: Page, name: string): Locator => table(page).getByRole('row').filter({ hasText: name })
  const names = (page: Page): Promise<string[]> => table(page).locator('[data-field="name"]').allInnerTexts()
  const filter = (page: Page): Locator => page.getByLabel('Filter of the runs')
  /** Of a chart: what a screen reader is told, with the last value of each curve. */
  const chart = (page: Page, name: string): Locator => page.getByRole('img', { name: new RegExp(`^${name}:`) })

  beforeAll(async () => {
    studio = await studioInBrowser()
    const library = unwrap(openLibrary(join(studio.folder, 'library')))
    makeToneClips(join(studio.folder, 'tones'))
    const labels = { from: 'filename', pattern: '{label}_{speaker}_{take}' } as const
    unwrap(await importFolder(library, { path: join(studio.folder, 'tones'), dataset: 'tones', labels }))
    unwrap(splitDataset(library, 'tones', { test: 0.2, validation: 0.2 }))
    for (const { name, settings } of RUNS) {
      const run = unwrap(await createTrainingRun(library, { dataset: 'tones', name, settings: { ...SETTINGS, ...settings }, device: 'cpu', threads: 1 }))
      unwrap(await trainRun(library, run.id))
    }
    library.close()
    opened = await studio.open()
    await opened.page.getByRole('link', { name: 'Compare', exact: true }).waitFor()
    await opened.page.keyboard.press('Control+5')
    await line(opened.page, 'tiny one').waitFor()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('lists every run, lays the newest over one another, and sorts by any column', async () => {
    const { page } = opened
    expect(await names(page)).toEqual(['slow', 'wide one', 'tiny two', 'tiny one'])
    await chart(page, 'Training loss').waitFor()
    expect(await chart(page, 'Training loss').getAttribute('aria-label')).toMatch(/slow .*wide one .*tiny two .*tiny one /)
    await page.getByRole('button', { name: 'Learning rate' }).click()
    await eventually(async () => (await names(page))[0]).toBe('slow')
    await page.getByRole('button', { name: 'Learning rate' }).click()
    await eventually(async () => (await names(page)).at(-1)).toBe('slow')
    await page.getByRole('button', { name: 'Made' }).click()
    await eventually(async () => (await names(page))[0]).toBe('slow')
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'curves-dark')
  })

  it('filters by settings and measures, and says what it does not understand', async () => {
    const { page } = opened
    await page.keyboard.press('/')
    await filter(page).fill('architecture:tiny rate>=0.01')
    await eventually(() => names(page)).toEqual(['tiny two', 'tiny one'])
    await page.getByText('2 of 4 runs').waitFor()
    await filter(page).fill('architecture.conv2d.filters=8')
    await eventually(() => names(page)).toEqual(['wide one'])
    await filter(page).fill('speed>3')
    await page.getByText('There is nothing called as in “speed>3”').waitFor()
    expect(await filter(page).getAttribute('aria-invalid')).toBe('true')
    await filter(page).fill('-seed:1..2 epochs=2')
    await eventually(() => names(page)).toEqual(['slow'])
    await page.getByRole('button', { name: 'Remove the filter: epochs=2' }).or(page.getByRole('button', { name: /epochs=2/ })).first().click()
    expect(await filter(page).inputValue()).toBe('-seed:1..2')
    await filter(page).fill('')
    await filter(page).press('Escape')
  })

  it('chooses by the keyboard alone, and draws what is chosen', async () => {
    const { page } = opened
    await table(page).focus()
    await page.keyboard.press('Escape')
    await page.getByText('No run is chosen').waitFor()
    await page.getByText(/^Choose runs in the table/).waitFor()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await page.getByText('1 run chosen').waitFor()
    await page.keyboard.press('Shift+ArrowDown')
    await page.getByText('2 runs chosen').waitFor()
    await eventually(() => chart(page, 'Validation accuracy').getAttribute('aria-label')).toMatch(/wide one .*tiny two /)
    await page.keyboard.press('Control+a')
    await page.getByText('4 runs chosen').waitFor()
    for (const axis of ['Epoch', 'Time', 'Step']) {
      await page.getByRole('button', { name: axis, exact: true }).click()
      await chart(page, 'Training loss').waitFor()
    }
    // All four are drawn before what is drawn is remembered.
    await eventually(() => chart(page, 'Training loss').getAttribute('aria-label')).toMatch(/slow .*wide one .*tiny two .*tiny one /)
    const before = await chart(page, 'Training loss').getAttribute('aria-label')
    await page.getByRole('slider', { name: 'Smooth' }).fill('0.9')
    await eventually(() => chart(page, 'Training loss').getAttribute('aria-label')).not.toBe(before)
    await page.getByRole('slider', { name: 'Smooth' }).fill('0')
    await eventually(() => chart(page, 'Training loss').getAttribute('aria-label')).toBe(before)
  })

  it('groups runs, with mean and deviation in the table and one curve a group', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Group', exact: true }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Architecture', exact: true }).click()
    await page.keyboard.press('Escape')
    const group = table(page).getByRole('row').filter({ hasText: '3 runs' })
    await group.getByText(/^\d+\.\d ± \d+\.\d %$/).first().waitFor()
    await eventually(() => chart(page, 'Training loss').getAttribute('aria-label')).toMatch(/^Training loss: (tiny|wide) [\d.]+, (tiny|wide) [\d.]+$/)
    await page.getByRole('button', { name: 'Lowest to highest' }).click()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'grouped-dark')
    await table(page).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowLeft')
    await eventually(async () => (await names(page)).length).toBeLessThan(4)
    await page.keyboard.press('ArrowRight')
    await eventually(async () => (await names(page)).length).toBe(4)
    await page.getByRole('button', { name: 'By Architecture' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Architecture', exact: true }).click()
    await page.keyboard.press('Escape')
  })

  it('lets only a part of an axis through, and the table follows', async () => {
    const { page } = opened
    await page.keyboard.press('2')
    const lines = page.getByRole('group', { name: /^Parallel coordinates over / })
    await lines.waitFor()
    const highest = lines.getByRole('slider', { name: 'Learning rate: highest that passes' })
    await highest.focus()
    for (let i = 0; i < 3; i++) await page.keyboard.press('PageDown')
    await eventually(() => names(page)).toEqual(['slow'])
    expect(await lines.getAttribute('aria-label')).toContain('1 of 4 lines pass')
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'parallel-dark')
    await page.keyboard.press('Delete')
    await eventually(async () => (await names(page)).length).toBe(4)
    // By the pointer: the upper half of the same axis.
    const axis = (await lines.getByRole('group', { name: 'Learning rate' }).locator('.cursor-ns-resize').boundingBox())!
    await page.mouse.move(axis.x + axis.width / 2, axis.y + 4)
    await page.mouse.down()
    await page.mouse.move(axis.x + axis.width / 2, axis.y + axis.height / 2, { steps: 4 })
    await page.mouse.up()
    await eventually(() => names(page)).toEqual(['wide one', 'tiny two', 'tiny one'])
    await page.getByRole('button', { name: /1 axis brushed/ }).click()
    await eventually(async () => (await names(page)).length).toBe(4)
  })

  it('sets two confusion matrices against each other, and goes from a cell to its clips', async () => {
    const { page } = opened
    await page.keyboard.press('3')
    await page.getByLabel('Run A').selectOption({ label: 'tiny one' })
    await page.getByLabel('Run B').selectOption({ label: 'slow' })
    await page.getByRole('img', { name: /^Confusion matrix of \d+ clips, accuracy / }).nth(1).waitFor()
    await page.getByRole('img', { name: /^Difference of the two matrices/ }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'confusion-dark')
    await page.getByRole('button', { name: /^\w+ → \w+$/ }).first().click()
    await page.getByRole('listbox', { name: 'Clips that the two models disagree about' }).waitFor()
    await page.getByRole('button', { name: /^Without|→/ }).first().click()
  })

  it('lists the clips that one gets right and the other wrong, to hear and to open in the Editor', async () => {
    const { page } = opened
    await page.keyboard.press('4')
    const list = page.getByRole('listbox', { name: 'Clips that the two models disagree about' })
    await list.getByRole('option').first().waitFor()
    const counted = Number(/\d+/.exec(await page.getByRole('button', { name: /^only A right/ }).innerText())![0])
    expect(counted).toBeGreaterThan(0)
    // Only those that A alone gets right.
    await page.getByRole('button', { name: /^only B right/ }).click()
    await page.getByRole('button', { name: /^both wrong/ }).click()
    await eventually(() => list.getByRole('option').count()).toBe(counted)
    // Read from a copy: a canvas that is drawn for the eye complains when it is read again and again.
    await eventually(() => page.evaluate(`(() => {
      const canvas = document.querySelector('[role=option] canvas')
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })
      copy.drawImage(canvas, 0, 0)
      return copy.getImageData(0, 0, canvas.width, canvas.height).data.some((v) => v > 0)
    })()`)).toBe(true)
    await list.focus()
    const sound = page.waitForResponse((response) => response.url().includes('.wav'))
    await page.keyboard.press('Space')
    expect([200, 206]).toContain((await sound).status())
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'clips-dark')
    await list.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/#\/editor\/\d+/)
    await page.keyboard.press('Control+5')
    await list.getByRole('option').first().waitFor()
  })

  it('draws cost against accuracy, measures file size and latency, and marks the front', async () => {
    const { page } = opened
    await page.keyboard.press('5')
    await page.getByRole('group', { name: /^Cost against accuracy of 4 runs, [1-4] on the front/ }).waitFor()
    await page.getByRole('combobox', { name: 'Cost', exact: true }).selectOption({ label: 'MACs' })
    await page.getByRole('button', { name: /^tiny one: MACs [\d.]+ k, / }).waitFor()
    await page.getByRole('combobox', { name: 'Cost', exact: true }).selectOption({ label: 'Latency' })
    await page.getByText('File size and latency are measured when you ask for it').waitFor()
    await page.getByRole('button', { name: 'Measure 4 runs' }).click()
    await page.getByRole('button', { name: 'All measured' }).waitFor()
    await page.getByRole('button', { name: /^wide one: Latency [\d.]+ ms, / }).waitFor()
    await page.getByRole('combobox', { name: 'Cost', exact: true }).selectOption({ label: 'File size' })
    await page.getByRole('button', { name: /^wide one: File size [\d.]+ kB, / }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'cost-dark')
  })

  it('shows the settings that differ, and no others', async () => {
    const { page } = opened
    await page.keyboard.press('6')
    const settings = page.getByRole('region', { name: 'Settings' })
    expect(await settings.getByRole('rowheader').allInnerTexts()).toEqual(['architecture.name', 'schedule.rate', 'epochs', 'seed'])
    await page.getByLabel('Only what differs').uncheck()
    await settings.getByRole('rowheader', { name: 'optimizer.type' }).waitFor()
    await page.getByLabel('Only what differs').check()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot(page, 'settings-dark')
  })

  it('keeps what a person says of a run, and its bin', async () => {
    const { page } = opened
    await line(page, 'slow').locator('[data-field="name"]').click()
    await page.keyboard.press('F2')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('far too slow')
    await dialog.getByLabel('Tags, divided by commas').fill('bad, rate')
    await dialog.getByLabel('Note').fill('never again')
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save' }).click()
    await line(page, 'far too slow').waitFor()
    await page.keyboard.press('F')
    await line(page, 'far too slow').getByRole('img', { name: 'Favourite' }).waitFor()
    await filter(page).fill('tag=bad note:never is:favourite')
    await eventually(() => names(page)).toEqual(['far too slow'])
    await filter(page).press('Enter')
    await page.keyboard.press('Delete')
    await page.getByText('No run passes the filter.').waitFor()
    await filter(page).fill('')
    await filter(page).press('Escape')
    await page.getByRole('button', { name: 'Runs in the bin' }).click()
    await eventually(() => names(page)).toEqual(['far too slow'])
    await line(page, 'far too slow').locator('[data-field="name"]').click()
    await page.keyboard.press('Control+Backspace')
    await page.getByText('The bin is empty.').waitFor()
    await page.getByRole('button', { name: 'Runs in the bin' }).click()
    await line(page, 'far too slow').waitFor()
  })

  it('exports the run that is chosen, and only one', async () => {
    const { page } = opened
    const button = page.getByRole('button', { name: 'Export the chosen run' })
    const [one, other] = await names(page)
    await line(page, one!).locator('[data-field="name"]').click()
    await button.click()
    const dialog = page.getByRole('dialog', { name: `Export “${one}”` })
    await dialog.getByRole('switch', { name: 'Calibrated probabilities' }).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await line(page, other!).locator('[data-field="name"]').click({ modifiers: ['Control'] })
    await eventually(() => button.isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
  })

  it('saves the table as CSV, as it is filtered and sorted', async () => {
    const { page } = opened
    await filter(page).fill('architecture=tiny')
    await eventually(async () => (await names(page)).length).toBe(3)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the table as CSV' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe('runs.csv')
    const [head, ...lines] = readFileSync(await saved.path(), 'utf8').trim().split('\r\n')
    expect(head!.split(',').slice(0, 4)).toEqual(['id', 'name', 'status', 'architecture'])
    expect(lines.map((l) => l.split(',')[1])).toEqual(['far too slow', 'tiny two', 'tiny one'])
    await filter(page).fill('')
    await filter(page).press('Escape')
  })

  it('saves the log of a run for TensorBoard and for W&B, as the command line writes it', async () => {
    const { page } = opened
    await line(page, 'tiny one').click({ button: 'right' })
    for (const [item, format, place] of [['TensorBoard', 'tensorboard', /^tiny one-\w{4}\/events\.out\.tfevents\./], ['Weights & Biases', 'wandb', /^wandb\/offline-run-\S+\/run-\S+\.wandb$/]] as const) {
      const download = page.waitForEvent('download')
      await page.getByRole('menuitem', { name: `Save the log for ${item}` }).click()
      const saved = await download
      expect(saved.suggestedFilename()).toBe(`espectro-${format}.zip`)
      const [[path, bytes] = ['', Buffer.alloc(0)], ...more] = await unzip(readFileSync(await saved.path()))
      expect(more).toEqual([])
      expect(path.startsWith(`espectro-${format}/`)).toBe(true)
      expect(path.slice(`espectro-${format}/`.length)).toMatch(place)
      expect(bytes.toString('latin1')).toContain('train')
      if (format === 'tensorboard') await line(page, 'tiny one').click({ button: 'right' })
    }
  })

  it('follows a training that was started in another browser: the table and the curves', async () => {
    const { page } = opened
    const other = await studio.open()
    await other.page.getByRole('link', { name: 'Train', exact: true }).click()
    await other.page.getByLabel('Epochs', { exact: true }).fill('400')
    await other.page.getByRole('textbox', { name: 'Name' }).fill('from afar')
    await other.page.getByRole('button', { name: /^Train/, disabled: false }).click()
    await line(page, 'from afar').waitFor()
    await line(page, 'from afar').locator('[data-field="name"]').click()
    await page.keyboard.press('1')
    await chart(page, 'Training loss').waitFor()
    const said = await chart(page, 'Training loss').getAttribute('aria-label')
    await eventually(() => chart(page, 'Training loss').getAttribute('aria-label')).not.toBe(said)
    await line(page, 'from afar').getByText(/^\d+ %$/).waitFor()
    const loss = line(page, 'from afar').locator('[data-field="trainloss"]')
    const before = await loss.innerText()
    await eventually(() => loss.innerText()).not.toBe(before)
    await shot(page, 'live-dark')
    await other.page.getByRole('button', { name: 'Stop', exact: true }).click()
    await line(page, 'from afar').getByText('Finished:').waitFor()
    await other.context.close()
  })

  it.each([
    ['light-es-small', { colorScheme: 'light', locale: 'es', viewport: { width: 1280, height: 720 } }, 'Comparar'],
    ['light-en', { colorScheme: 'light' }, 'Compare'],
  ] as const)('is accessible and does not overflow: %s', async (name, options, link) => {
    const { page, context } = await studio.open(options)
    await page.getByRole('link', { name: link, exact: true }).click()
    await page.getByRole('treegrid').getByText('tiny one').waitFor()
    for (const [i, pane] of ['curves', 'parallel', 'confusion', 'clips', 'cost', 'settings'].entries()) {
      await page.getByRole('tab').nth(i).click()
      await page.getByRole('tabpanel').locator('figure, [role="group"], table, [role="listbox"]').first().waitFor()
      expect(await accessibilityProblems(page), pane).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight'), pane).toBe(false)
      await shot(page, `${name}-${pane}`)
    }
    await context.close()
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    expect(studio.complaints).toEqual([])
  })
})

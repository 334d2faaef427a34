import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '../../src-main/catalog/index.ts'
import { importFolder } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'

const FSDD = process.env['ESPECTRO_FSDD'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'fsdd')
const missing = chromiumPath() === null ? NO_BROWSER : existsSync(FSDD) ? '' : 'no FSDD: set ESPECTRO_FSDD to its folder'
const facet = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const counted = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor()
const toast = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })
const dialog = (page: Page) => page.getByRole('dialog')
/** By the palette, as a person who knows no key does it. */
async function run(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Type a command').fill(command)
  await page.keyboard.press('Enter')
}

describe.skipIf(missing !== '')(`work on a dataset in a browser${missing === '' ? '' : ` (${missing})`}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    await studio.served[Symbol.asyncDispose]()
    {
      using library = unwrap(openLibrary(join(studio.folder, 'library')))
      unwrap(await importFolder(library, { path: join(FSDD, 'recordings'), dataset: 'digits', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' }, link: true }))
    }
    await studio.restart()
    opened = await studio.open()
    opened.page.setDefaultTimeout(20_000)
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('labels twenty clips of FSDD by keyboard', async () => {
    const { page } = opened
    await counted(page, '3,000 clips')
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    for (let i = 0; i < 20; i++) await page.keyboard.press('1')
    await expect.poll(() => facet(page, 'Labels').getByRole('button', { name: /^1\b/ }).first().textContent()).toContain('320')
    for (let i = 0; i < 20; i++) await page.keyboard.press('Control+z')
    await expect.poll(() => facet(page, 'Labels').getByRole('button', { name: /^1\b/ }).first().textContent()).toContain('300')
  })

  it('merges two labels, and undo has both again', async () => {
    const { page } = opened
    await facet(page, 'Labels').getByRole('button', { name: /^9\b/ }).first().hover()
    await page.getByRole('button', { name: 'Edit the label 9' }).click()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog(page).getByRole('button', { name: 'Merge…' }).click()
    await dialog(page).getByRole('combobox').selectOption({ label: '8 (300)' })
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog(page).getByRole('button', { name: 'Merge', exact: true }).click()
    await expect.poll(() => facet(page, 'Labels').getByRole('button', { name: /^8\b/ }).first().textContent()).toContain('600')
    expect(await page.getByRole('button', { name: 'Edit the label 9' }).count()).toBe(0)
    await toast(page, '9 merged into 8').getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => facet(page, 'Labels').getByRole('button', { name: /^9\b/ }).first().textContent()).toContain('300')
  })

  it('orders labels by keyboard, and asks what becomes of the clips of one that is removed', async () => {
    const { page } = opened
    const names = () => facet(page, 'Labels').locator('li').evaluateAll((rows) => rows.map((row) => (row as unknown as { innerText: string }).innerText.trim().split('\n')[0]))
    await facet(page, 'Labels').getByRole('button', { name: /^2\b/ }).first().focus()
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(async () => (await names()).slice(0, 3)).toEqual(['0', '2', '1'])
    await facet(page, 'Labels').getByRole('button', { name: /^0\b/ }).first().hover()
    await page.getByRole('button', { name: 'Edit the label 0' }).click()
    await dialog(page).getByRole('button', { name: 'Remove…' }).click()
    await dialog(page).getByText('It has 300 clips.').waitFor()
    await dialog(page).getByLabel('Move its clips to the bin').click()
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click()
    await counted(page, '2,700 clips')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await counted(page, '3,000 clips')
    await expect.poll(async () => (await names()).slice(0, 3)).toEqual(['0', '1', '2'])
  })

  it('previews splits with their leaks, applies one, and keeps a locked test set', async () => {
    const { page } = opened
    await run(page, 'Split the dataset')
    await dialog(page).getByText('Nothing stands on two sides').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog(page).getByLabel('Only each recording').click()
    await dialog(page).getByText('Speakers stand on two sides').waitFor()
    await dialog(page).getByLabel('By a rule').click()
    await dialog(page).locator('input.font-mono').fill('take<')
    await dialog(page).getByText('The condition cannot be read').waitFor()
    expect(await dialog(page).getByRole('button', { name: 'Split', exact: true }).isDisabled()).toBe(true)
    await dialog(page).locator('input.font-mono').fill('take<5')
    await dialog(page).locator('dd', { hasText: '300' }).first().waitFor()
    await dialog(page).getByRole('button', { name: 'Split', exact: true }).click()
    await toast(page, 'The dataset is split').waitFor()
    await expect.poll(() => facet(page, 'Split').getByRole('button', { name: 'Test' }).textContent()).toContain('300')
    await run(page, 'Lock or unlock the test set')
    await page.getByRole('img', { name: 'Its test set is locked' }).waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Alt+3')
    await toast(page, 'The test set of this dataset is locked').waitFor()
    expect(await facet(page, 'Split').getByRole('button', { name: 'Test' }).textContent()).toContain('300')
    await page.keyboard.press('Escape')
    await run(page, 'Lock or unlock the test set')
    await page.getByRole('img', { name: 'Its test set is locked' }).waitFor({ state: 'detached' })
  })

  it('shows a filter as chips, saves it, shows it again, and takes one as text', async () => {
    const { page } = opened
    await facet(page, 'Speaker').getByRole('button', { name: /^theo/ }).click()
    await facet(page, 'Labels').getByRole('button', { name: /^3\b/ }).first().click()
    await counted(page, '50 of 3,000 clips')
    const chips = page.getByRole('group', { name: 'Active filter' })
    await page.keyboard.press('Control+s')
    await dialog(page).getByLabel('Name').fill('Theo says three')
    await page.keyboard.press('Enter')
    await dialog(page).waitFor({ state: 'detached' })
    await chips.getByRole('button', { name: 'Remove: Label 3' }).click()
    await counted(page, '500 of 3,000 clips')
    await chips.getByRole('button', { name: 'Clear filters' }).click()
    await counted(page, '3,000 clips')
    await facet(page, 'Saved filters').getByRole('button', { name: 'Theo says three', exact: true }).click()
    await counted(page, '50 of 3,000 clips')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('searchbox').focus()
    await page.evaluate(`(() => { const data = new DataTransfer(); data.setData('text', 'label:7 split:test'); document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) })()`)
    await counted(page, '30 of 3,000 clips')
    await page.getByRole('grid').focus()
    await page.keyboard.press('Escape')
    await counted(page, '3,000 clips')
  })

  it('makes a dataset, moves clips to it by a menu, and restores one from the bin', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'New dataset' }).click()
    await dialog(page).getByLabel('Name').fill('second')
    await page.keyboard.press('Enter')
    await page.getByText('This dataset has no clips').waitFor()
    // Off the button: its tip is not part of the page.
    await page.mouse.move(700, 600)
    await page.getByRole('tooltip').waitFor({ state: 'detached' })
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: /^digits/ }).first().click()
    await page.getByRole('row').nth(1).click()
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowDown')
    await page.getByRole('row').nth(2).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Move to', exact: true }).hover()
    await page.getByRole('menuitem', { name: 'second' }).click()
    await toast(page, '5 clips moved to second').waitFor()
    await counted(page, '2,995 clips')
    await page.getByRole('button', { name: /^second/ }).first().click()
    await counted(page, '5 clips')
    expect(await facet(page, 'Labels').locator('li').count()).toBe(1)
    await run(page, 'Move the dataset to the bin')
    await page.getByRole('button', { name: /^second/ }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^Bin/ }).click()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Restore the dataset second' }).click()
    await counted(page, '5 clips')
  })

  it('bins clips, restores some, and empties the bin after asking', async () => {
    const { page } = opened
    await page.getByRole('button', { name: /^digits/ }).first().click()
    await counted(page, '2,995 clips')
    await page.getByRole('row').nth(1).click()
    for (let i = 0; i < 2; i++) await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Delete')
    await counted(page, '2,992 clips')
    await page.getByRole('button', { name: /^Bin/ }).click()
    await counted(page, '3 clips')
    await page.getByRole('row').nth(1).click()
    await page.keyboard.press('Control+Backspace')
    await counted(page, '2 clips')
    await page.getByRole('button', { name: 'Empty the bin…' }).click()
    await dialog(page).getByText('This cannot be undone').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog(page).getByRole('button', { name: 'Empty the bin' }).click()
    await counted(page, '2,993 clips')
  })

  it('exports a dataset as a table and sounds', async () => {
    const { page } = opened
    await page.getByRole('button', { name: /^second/ }).first().click()
    await counted(page, '5 clips')
    await run(page, 'Export as CSV')
    await dialog(page).getByRole('button', { name: 'Export here' }).click()
    await dialog(page).getByText('5 clips were exported.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog(page).getByRole('button', { name: 'Close' }).last().click()
    expect(readdirSync(join(studio.folder, 'second')).sort()).toEqual(['0', 'clips.csv'])
  })

  it('shows a grid, moves in it by arrows, and keeps its size and the columns', async () => {
    const { page } = opened
    await page.getByRole('button', { name: /^digits/ }).first().click()
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Take' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('columnheader', { name: 'Take' }).waitFor()
    await page.getByRole('button', { name: 'Grid' }).click()
    const grid = page.getByRole('listbox')
    await grid.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    await expect.poll(() => page.getByRole('option', { selected: true }).count()).toBeGreaterThan(2)
    const before = await page.getByRole('option').first().evaluate((cell) => (cell as unknown as { clientWidth: number }).clientWidth)
    await page.getByRole('slider', { name: 'Size of the pictures' }).focus()
    await page.keyboard.press('End')
    await expect.poll(() => page.getByRole('option').first().evaluate((cell) => (cell as unknown as { clientWidth: number }).clientWidth)).toBeGreaterThan(before)
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('finds all of it after the program was started again', async () => {
    const { context } = opened
    await opened.page.reload()
    await opened.page.getByRole('listbox').waitFor()
    await opened.page.getByRole('button', { name: 'Table' }).click()
    await opened.page.getByRole('columnheader', { name: 'Take' }).waitFor()
    await studio.restart()
    studio.complaints.splice(0)
    const page = await context.newPage()
    await page.goto(studio.served.address())
    await counted(page, '2,993 clips')
    await facet(page, 'Saved filters').getByRole('button', { name: 'Theo says three', exact: true }).waitFor()
    await expect.poll(() => facet(page, 'Split').getByRole('button', { name: 'Test' }).count()).toBe(1)
    await page.close()
  })

  it.each([
    ['light, in Spanish, small', { colorScheme: 'light', locale: 'es', viewport: { width: 1280, height: 720 } }],
    ['dark, 4K', { viewport: { width: 3840, height: 2160 } }],
  ] as const)('has an accessible split dialog that fits: %s', async (_, options) => {
    const { page, context } = await studio.open(options)
    await page.getByRole('button', { name: /Split the dataset|Dividir el conjunto/ }).click()
    await page.getByRole('dialog').getByRole('table').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight')).toBe(false)
    await context.close()
  })
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { writeTones } from '../support/studio.ts'

const LABELS = ['down', 'go', 'no', 'yes']
const clipRow = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })

describe.skipIf(chromiumPath() === null)(`the Library in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    writeTones(join(studio.folder, 'recordings'), LABELS, ['ana', 'luis'], 4)
    writeFileSync(join(studio.folder, 'recordings', 'yes_eva_0.wav'), 'not a sound')
    opened = await studio.open()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('greets a person whose library is empty', async () => {
    const { page } = opened
    await page.getByRole('heading', { name: 'Start with a folder of recordings' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(new URL(page.url()).search).toBe('')
  })

  it('imports a folder by the dialog, previews the labels, and reports what failed', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Import a folder' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'recordings' }).click()
    await dialog.getByText('33 recordings in this folder and below').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Choose this folder' }).click()
    await dialog.getByLabel('The file name, as').click()
    await dialog.getByRole('cell', { name: 'luis' }).first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    // A pattern that recognises nothing says so before anything is imported; a broken one says why.
    await dialog.getByLabel('Pattern of file names').fill('{label}-{take}')
    await dialog.getByText('33 without a label').waitFor()
    await dialog.getByLabel('Pattern of file names').fill('{label')
    await dialog.getByText('a "{" is not closed').waitFor()
    await dialog.getByLabel('Pattern of file names').fill('{label}_{speaker}_{take}')
    await dialog.getByLabel('Dataset').fill('words')
    await dialog.getByRole('button', { name: 'Import 33 recordings' }).click()
    await dialog.getByText('32 clips added').waitFor()
    await dialog.getByRole('cell', { name: 'yes_eva_0.wav' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Show the clips' }).click()
    await page.getByText('32 clips', { exact: true }).waitFor()
    await clipRow(page, 'down_ana_0.wav').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('draws and plays the clip under the cursor', async () => {
    const { page } = opened
    const drawn = () => page.locator('section[aria-label="Current clip"] canvas').evaluate((canvas) => {
      const { width, height } = canvas as unknown as { width: number; height: number }
      const { data } = (canvas as unknown as { getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } } }).getContext('2d').getImageData(0, 0, width, height)
      return data.some((value) => value > 0)
    })
    await expect.poll(drawn).toBe(true)
    const sound = page.waitForResponse((response) => response.url().endsWith('.wav'))
    await page.getByRole('grid').focus()
    await page.keyboard.press('Space')
    const response = await sound
    expect([200, 206]).toContain(response.status())
    expect(response.headers()['content-type']).toBe('audio/wav')
    await page.getByRole('button', { name: 'Stop' }).waitFor()
    await page.getByRole('button', { name: 'Play or stop' }).waitFor()
  })

  it('labels twenty clips by keyboard alone, undoes everything, and does it again', async () => {
    const { page } = opened
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    const keyOf = async (label: string): Promise<string> =>
      (await page.getByRole('button', { name: label }).first().locator('kbd').textContent()) ?? ''
    const keys = await Promise.all(LABELS.map(keyOf))
    // Eight clips of each label, in order: each gets the next label instead of its own.
    for (let i = 0; i < 20; i++) await page.keyboard.press(keys[(Math.floor(i / 8) + 1) % 4]!)
    await expect.poll(() => page.getByRole('button', { name: 'Unlabelled' }).count()).toBe(0)
    await expect.poll(() => clipRow(page, 'down_ana_0.wav').textContent()).toContain('go')
    await expect.poll(() => clipRow(page, 'no_ana_3.wav').textContent()).toMatch(/wav\s*yes/)
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('Control+z')
      await page.waitForTimeout(30)
    }
    await expect.poll(() => clipRow(page, 'down_ana_0.wav').textContent()).toMatch(/wav\s*down/)
    expect(await clipRow(page, 'no_ana_3.wav').textContent()).toMatch(/wav\s*no/)
    await page.keyboard.press('Control+Shift+Z')
    await expect.poll(() => clipRow(page, 'down_ana_0.wav').textContent()).toContain('go')
  })

  it('selects a range and labels it at once, with undo in the message', async () => {
    const { page } = opened
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowDown')
    await page.getByText('4 selected').waitFor()
    await page.keyboard.press('Alt+3')
    const message = page.getByRole('listitem').filter({ hasText: '4 clips put into: Test' })
    await message.waitFor()
    await expect.poll(() => clipRow(page, 'down_ana_0.wav').textContent()).toContain('Test')
    await message.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => clipRow(page, 'down_ana_0.wav').textContent()).not.toContain('Test')
    await page.keyboard.press('Escape')
  })

  it('searches, filters by facet, sorts, and shows an honest nothing', async () => {
    const { page } = opened
    await page.keyboard.press('/')
    await page.keyboard.type('yes luis')
    await page.getByText('4 of 32 clips').waitFor()
    await page.getByRole('searchbox').fill('nothing like this')
    await page.getByText('No clip fits these filters').waitFor()
    await page.getByRole('searchbox').fill('')
    await page.getByRole('region', { name: 'Speaker' }).getByRole('button', { name: 'luis' }).click()
    await page.getByText('16 of 32 clips').waitFor()
    await page.getByRole('button', { name: 'Length' }).click()
    await page.getByRole('button', { name: 'Length' }).click()
    await expect.poll(() => page.getByRole('row').nth(1).textContent()).toContain('0.35 s')
    expect(await page.getByRole('columnheader', { name: 'Length' }).getAttribute('aria-sort')).toBe('descending')
    await page.getByRole('button', { name: 'Length' }).click()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByText('32 clips', { exact: true }).waitFor()
  })

  it('adds a label, gives it a key, and moves a clip to the bin and back', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'New label' }).click()
    await page.keyboard.type('maybe')
    await page.keyboard.press('Enter')
    const region = page.getByRole('region', { name: 'Labels' })
    await region.getByRole('button', { name: 'maybe' }).first().waitFor()
    await region.getByRole('button', { name: 'maybe' }).first().hover()
    await page.getByRole('button', { name: 'Edit the label maybe' }).click()
    await page.getByRole('textbox', { name: 'Key' }).fill('m')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('m')
    await expect.poll(() => clipRow(page, 'down_ana_0.wav').textContent()).toContain('maybe')
    await page.keyboard.press('Home')
    await page.keyboard.press('Delete')
    await page.getByText('31 clips', { exact: true }).waitFor()
    await page.keyboard.press('Control+z')
    await page.getByText('32 clips', { exact: true }).waitFor()
  })

  it('runs commands from the palette and takes other keys for them', async () => {
    const { page } = opened
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Type a command').fill('keyb')
    await page.keyboard.press('Enter')
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await sheet.waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await sheet.getByRole('button', { name: 'Change the keys of: Select all clips' }).click()
    await page.keyboard.press('Control+j')
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+j')
    await page.getByText('32 selected').waitFor()
    await page.keyboard.press('Escape')
  })

  it('finds everything again after the program was restarted, and says so to the page left open', async () => {
    const before = opened
    await studio.restart()
    await before.page.getByText(/connection to Espectro was lost|Espectro was started again/).waitFor()
    await before.context.close()
    studio.complaints.splice(0)
    opened = await studio.open()
    const { page } = opened
    await page.getByText('32 clips', { exact: true }).waitFor()
    await expect.poll(() => clipRow(page, 'down_ana_0.wav').textContent()).toContain('maybe')
    // What was done before the restart is still undone by one key.
    await page.keyboard.press('Control+z')
    await expect.poll(() => clipRow(page, 'down_ana_0.wav').textContent()).not.toContain('maybe')
  })

  it.each([
    ['light, in Spanish, small', { colorScheme: 'light', locale: 'es', viewport: { width: 1280, height: 720 } }, 'Conjuntos de datos'],
    ['dark, in Spanish', { colorScheme: 'dark', locale: 'es' }, 'Conjuntos de datos'],
    ['light, in English', { colorScheme: 'light' }, 'Datasets'],
  ] as const)('is accessible and does not overflow: %s', async (_, options, heading) => {
    const { page, context } = await studio.open(options)
    await page.getByRole('heading', { name: heading }).waitFor()
    await clipRow(page, 'down_ana_1.wav').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    const overflow = await page.evaluate('document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight')
    expect(overflow).toBe(false)
    await context.close()
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    expect(studio.complaints).toEqual([])
  })
})

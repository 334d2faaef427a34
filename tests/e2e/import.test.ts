import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { fsddFiles, fsddFolder, NO_FSDD } from '../support/fsdd.ts'
import { writeTones } from '../support/studio.ts'

const openDialog = async (page: Page) => {
  await page.getByRole('button', { name: 'Import a folder' }).first().click()
  return page.getByRole('dialog')
}

describe.skipIf(chromiumPath() === null)(`imports in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    // Where the folder dialog starts: a link to the real recordings stands among folders of our own.
    if (fsddFolder !== null) {
      mkdirSync(join(studio.folder, 'digits'))
      for (const path of fsddFiles(() => true)) copyFileSync(path, join(studio.folder, 'digits', basename(path)))
    }
    const table = join(studio.folder, 'with-table')
    writeTones(table, ['a', 'b'], ['x'], 3)
    writeFileSync(join(table, 'classes.tsv'), ['clip name\tword\tperson\tpart\tmood', 'a_x_0.wav\tuno\tana\ttrain\tglad', 'a_x_1.wav\tdos\tana\tdev\t', 'b_x_0.wav\tuno\tluis\ttest\t', 'gone.wav\tdos\tluis\ttrain\t', 'b_x_1.wav\tdos\tluis\tsomewhere\t'].join('\n'))
    opened = await studio.open()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it.skipIf(fsddFolder === null)(`brings three thousand spoken digits in by the dialog${fsddFolder === null ? ` (${NO_FSDD})` : ''}`, async () => {
    const { page } = opened
    const dialog = await openDialog(page)
    await dialog.getByRole('button', { name: 'digits' }).click()
    await dialog.getByText('3,000 recordings in this folder and below').waitFor()
    await dialog.getByRole('button', { name: 'Choose this folder' }).click()
    await dialog.getByLabel('The file name, as').click()
    // What the pattern recognises is marked in real names.
    const marked = dialog.locator('td').filter({ hasText: '0_george_0.wav' }).locator('span.font-medium')
    await expect.poll(() => marked.allTextContents()).toEqual(['0', 'george', '0'])
    await dialog.getByRole('button', { name: 'Import 3,000 recordings' }).click()
    await dialog.getByText('3000 clips added').or(dialog.getByText('3,000 clips added')).waitFor()
    await dialog.getByRole('button', { name: 'Show the clips' }).click()
    await page.getByText('3,000 clips', { exact: true }).waitFor()
    // The program looks at all of them by itself.
    const quality = page.getByRole('region', { name: 'Quality' })
    await quality.getByRole('button', { name: 'Nothing found' }).waitFor()
    await expect.poll(() => page.getByText(/Looking for/).count(), { timeout: 120_000 }).toBe(0)
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('maps the columns of a table, shows what matches, and names the lines that do not', async () => {
    const { page } = opened
    const dialog = await openDialog(page)
    await dialog.getByRole('button', { name: 'with-table' }).click()
    await dialog.getByText('6 recordings in this folder').waitFor()
    await dialog.getByRole('button', { name: 'Choose this folder' }).click()
    await dialog.getByLabel('A table (CSV, TSV)').click()
    await dialog.getByRole('combobox', { name: 'Fields end at' }).waitFor()
    expect(await dialog.getByRole('combobox', { name: 'Fields end at' }).inputValue()).toBe('\t')
    // The column of files is found by its content, that of labels by its title; the others are chosen.
    expect(await dialog.getByRole('combobox', { name: 'Column clip name holds' }).inputValue()).toBe('file')
    await dialog.getByRole('combobox', { name: 'Column person holds' }).selectOption('speaker')
    await dialog.getByRole('combobox', { name: 'Column part holds' }).selectOption('split')
    await dialog.getByText('3 recordings matched').waitFor()
    await dialog.getByText('2 rows cannot be used').waitFor()
    await dialog.getByText('Line 6: "somewhere" is not one of train, validation, test').waitFor()
    await dialog.getByText('Line 5 of classes.tsv: there is no such file').waitFor()
    await dialog.getByText('4 files left out').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Import 3 recordings' }).click()
    await dialog.getByText('3 clips added').waitFor()
    await dialog.getByText('2 files could not be read').waitFor()
    await dialog.getByRole('button', { name: 'Show the clips' }).click()
    const row = page.getByRole('row').filter({ hasText: 'a_x_1.wav' })
    await expect.poll(() => row.textContent()).toMatch(/dos.*Validation.*ana/s)
  })

  it('takes files and a folder that are dropped on the window, sends them, and shows what cannot be read', async () => {
    const { page } = opened
    const [broken, notes] = ['broken.wav', 'notes.md'].map((name) => join(studio.folder, name)) as [string, string]
    writeFileSync(broken, 'not a sound')
    writeFileSync(notes, 'nothing for us')
    await drop(page, [join(studio.folder, 'with-table'), broken, notes])
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('The file name, as').click()
    await dialog.getByText('1 without a label').waitFor()
    // What was sent has no place of its own to stay in.
    expect(await dialog.getByText('Leave them where they are').count()).toBe(0)
    await dialog.getByLabel('Dataset').fill('dropped')
    await dialog.getByRole('button', { name: 'Import 7 recordings' }).click()
    await dialog.getByText('6 clips added').waitFor()
    await dialog.getByRole('cell', { name: 'broken.wav' }).waitFor()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await dialog.getByRole('button', { name: 'Copy the list' }).click()
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toMatch(/^broken\.wav\tAUDIO_UNSUPPORTED\t/)
    expect(await accessibilityProblems(page)).toEqual([])
    // Trying again adds nothing twice.
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await dialog.getByText('6 clips were there already').waitFor()
    await dialog.getByRole('button', { name: 'Show the clips' }).click()
    await page.getByText('6 clips', { exact: true }).waitFor()
    await expect.poll(() => readdirSync(join(studio.folder, 'library', 'inbox'))).toEqual([])
  })

  it('takes a folder that is chosen on this computer, with the folders below it', async () => {
    const { page } = opened
    const dialog = await openDialog(page)
    const chooser = page.waitForEvent('filechooser')
    await dialog.getByText('Folder…').click()
    await (await chooser).setFiles(join(studio.folder, 'with-table'))
    await dialog.getByRole('button', { name: 'Import 6 recordings' }).waitFor()
    expect(await dialog.getByLabel('Dataset').inputValue()).toBe('with-table')
    await dialog.getByRole('button', { name: 'Back' }).click()
    await dialog.getByText('Or send from this computer').waitFor()
    await expect.poll(() => readdirSync(join(studio.folder, 'library', 'inbox'))).toEqual([])
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    expect(studio.complaints).toEqual([])
  })
})

/** Drops files and folders of the disk, as the system does. */
async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, x: 700, y: 400, data })
  await session.detach()
}

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '../../src-main/catalog/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { fillLibrary } from '../support/many-clips.ts'

const CLIPS = 100_000

describe.skipIf(chromiumPath() === null)(`a hundred thousand clips${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    {
      using library = unwrap(openLibrary(join(studio.folder, 'library')))
      fillLibrary(library, CLIPS)
    }
    opened = await studio.open()
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('are there, and only the rows in sight are in the page', async () => {
    const { page } = opened
    await page.getByText('100,000 clips', { exact: true }).waitFor()
    const rows = () => page.getByRole('row').count()
    expect(await rows()).toBeLessThan(80)
    await page.getByRole('grid').focus()
    await page.keyboard.press('End')
    await page.getByText('_99999.wav').first().waitFor()
    expect(await rows()).toBeLessThan(80)
    await page.getByRole('grid').hover()
    for (let i = 0; i < 20; i++) await page.mouse.wheel(0, -40_000)
    await expect.poll(rows).toBeLessThan(80)
    await page.keyboard.press('Home')
    await page.getByText('_0.wav').first().waitFor()
  })

  it('are sorted and searched by the catalog', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Length' }).click()
    await page.getByRole('button', { name: 'Length' }).click()
    await expect.poll(() => page.getByRole('row').nth(1).textContent()).toContain('1.00 s')
    await page.getByRole('searchbox').fill('folder _99999.wav')
    await page.getByText('1 of 100,000 clips').waitFor()
    await page.getByRole('searchbox').fill('')
    await page.getByRole('button', { name: /^word3\b/ }).first().click()
    await page.getByText(/^\d,\d{3} of 100,000 clips$/).waitFor()
    expect(await page.getByRole('gridcell').nth(2).textContent()).toContain('word3')
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByText('100,000 clips', { exact: true }).waitFor()
  })

  it('are selected together without being read', async () => {
    const { page } = opened
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+a')
    await page.getByText('100,000 selected').waitFor()
    await page.keyboard.press('Escape')
  })

  it('are shown as a grid of which only what is in sight exists', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Grid' }).click()
    const cells = () => page.getByRole('option').count()
    await page.locator('[aria-posinset="1"]').getByText('.wav').waitFor()
    expect(await cells()).toBeLessThan(120)
    await page.getByRole('listbox').focus()
    await page.keyboard.press('End')
    await page.locator('[aria-posinset="100000"]').getByText('.wav').waitFor()
    expect(await cells()).toBeLessThan(120)
    await page.getByRole('listbox').hover()
    for (let i = 0; i < 20; i++) await page.mouse.wheel(0, -40_000)
    await expect.poll(cells).toBeLessThan(120)
    await page.getByRole('button', { name: 'Table' }).click()
    await page.getByRole('grid').waitFor()
  })

  it('are selected by a range that was never in sight', async () => {
    const { page } = opened
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+PageDown')
    await page.keyboard.press('Shift+End')
    await page.getByText('50,000 selected').waitFor()
    await page.keyboard.press('Escape')
  })
})

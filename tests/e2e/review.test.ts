import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { importByDialog } from '../support/import-dialog.ts'
import { writeTones } from '../support/studio.ts'

const LABELS = ['down', 'go', 'no', 'yes']
const place = (page: Page) => page.getByText(/^\d+ of \d+$/)

/** A machine may be slow; what never comes true still fails. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

describe.skipIf(chromiumPath() === null)(`review in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    writeTones(join(studio.folder, 'recordings'), LABELS, ['ana', 'luis'], 5)
    opened = await studio.open()
    await importByDialog(opened.page, 'recordings', '{label}_{speaker}_{take}', 'words')
    // Forty clips without a label, and four labels with keys.
    await opened.page.getByRole('grid').focus()
    await opened.page.keyboard.press('Control+a')
    await opened.page.keyboard.press('Backspace')
    await opened.page.getByRole('row').filter({ hasText: 'down_ana_0.wav' }).filter({ hasText: '—' }).waitFor()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('plays the first clip by itself, with the next ones already here', async () => {
    const { page } = opened
    const sounds: string[] = []
    page.on('response', (response) => {
      if (response.url().includes('.wav')) sounds.push(response.url())
    })
    await page.keyboard.press('Alt+r')
    await page.getByText('1 of 40', { exact: true }).waitFor()
    await page.getByText('down_ana_0.wav').waitFor()
    await eventually(() => new Set(sounds).size).toBe(9)
    await page.getByRole('button', { name: 'Play again' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('labels forty clips by one key each, and takes some back', async () => {
    const { page } = opened
    const keyOf = async (label: string): Promise<string> =>
      (await page.getByRole('group', { name: 'Labels' }).getByRole('button', { name: label }).locator('kbd').textContent()) ?? ''
    const keys = await Promise.all(LABELS.map(keyOf))
    for (let i = 0; i < 40; i++) {
      await page.getByText(`${i + 1} of 40`, { exact: true }).waitFor()
      // A key decides about a clip that is there.
      await page.locator('section[aria-busy=false]').waitFor()
      if (i === 7) {
        // The wrong key, noticed two clips later.
        await page.keyboard.press(keys[3]!)
        await page.getByText('9 of 40', { exact: true }).waitFor()
        await page.locator('section[aria-busy=false]').waitFor()
        await page.keyboard.press('ArrowRight')
        await page.keyboard.press('ArrowLeft')
        await page.keyboard.press('ArrowLeft')
        await page.getByText('8 of 40', { exact: true }).waitFor()
        await page.getByText('down_luis_2.wav').waitFor()
        await page.locator('section[aria-busy=false]').waitFor()
        // The mistake is off the clip before the right key is pressed.
        await eventually(() => page.getByRole('button', { name: 'yes' }).getAttribute('aria-pressed')).toBe('false')
      }
      await page.keyboard.press(keys[Math.floor(i / 10)]!)
    }
    await page.getByRole('heading', { name: 'All heard' }).waitFor()
    await page.getByText('per minute', { exact: true }).waitFor()
    expect(await page.getByRole('definition').allTextContents()).toEqual(expect.arrayContaining(['40', '0']))
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByText('40 clips', { exact: true }).waitFor()
    await eventually(() => page.getByRole('button', { name: 'Unlabelled' }).count()).toBe(0)
    for (const name of ['down_ana_0', 'down_luis_2', 'go_ana_3']) {
      const row = page.getByRole('row').filter({ hasText: `${name}.wav` })
      await eventually(() => row.textContent()).toContain(name.split('_')[0]!)
      expect(await row.textContent()).toContain('Accepted')
    }
  })

  it('says that nothing waits, hears all again, accepts, and is undone by one key', async () => {
    const { page } = opened
    await page.keyboard.press('Alt+r')
    await page.getByRole('heading', { name: 'Nothing waits for you here' }).waitFor()
    await page.getByRole('button', { name: 'All of the filter' }).click()
    await page.getByText('1 of 40', { exact: true }).waitFor()
    await page.locator('section[aria-busy=false]').waitFor()
    await page.keyboard.press('Shift+Enter')
    await page.getByText('2 of 40', { exact: true }).waitFor()
    await page.keyboard.press('Control+z')
    await page.getByText('1 of 40', { exact: true }).waitFor()
    await page.locator('section[aria-busy=false]').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('2 of 40', { exact: true }).waitFor()
    await page.keyboard.press('ArrowRight')
    await place(page).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('40 clips', { exact: true }).waitFor()
    await eventually(() => page.getByRole('row').filter({ hasText: 'Unsure' }).count()).toBe(0)
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    expect(studio.complaints).toEqual([])
  })
})

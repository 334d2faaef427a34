import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { writeTones } from '../support/studio.ts'

/** What a picture shows, as text to compare. */
const picture = (page: Page, name: string): Promise<string> =>
  page.getByRole('img', { name }).evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL())

describe.skipIf(chromiumPath() === null)(`the augmentation preview in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened
  const panel = () => opened.page.getByRole('tabpanel', { name: 'Augment' })
  const policy = () => panel().getByRole('combobox', { name: 'Augmentation policy' })
  const after = () => picture(opened.page, 'Features after augmentation')
  const before = () => picture(opened.page, 'Features before augmentation')
  /** The picture after it has become another than `was`. */
  async function changed(was: string): Promise<string> {
    await expect.poll(after, { timeout: 20_000 }).not.toBe(was)
    return after()
  }

  beforeAll(async () => {
    studio = await studioInBrowser()
    writeTones(join(studio.folder, 'recordings'), ['no', 'yes'], ['ana', 'luis'], 3)
    opened = await studio.open()
    const { page } = opened
    await page.getByRole('button', { name: 'Import a folder' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'recordings' }).click()
    await dialog.getByRole('button', { name: 'Choose this folder' }).click()
    await dialog.getByLabel('The file name, as').click()
    await dialog.getByLabel('Dataset').fill('words')
    await dialog.getByRole('button', { name: 'Import 12 recordings' }).click()
    await dialog.getByRole('button', { name: 'Show the clips' }).click()
    await page.getByRole('row').filter({ hasText: 'no_ana_0.wav' }).waitFor()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('opens from the library by its key, and shows before, after and four draws', async () => {
    const { page } = opened
    await page.getByRole('grid').focus()
    await page.keyboard.press('Alt+a')
    await panel().getByRole('img', { name: 'Features after augmentation' }).waitFor()
    await expect(policy().inputValue()).resolves.toBe('speakers')
    await expect.poll(() => panel().getByRole('button', { name: /^Draw \d/ }).count()).toBe(4)
    expect(await after()).not.toBe(await before())
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('draws again with the next seed by R, and comes back with the seed', async () => {
    const { page } = opened
    const first = await after()
    await page.keyboard.press('r')
    const second = await changed(first)
    await expect(panel().getByLabel('Seed').inputValue()).resolves.toBe('1')
    await panel().getByLabel('Seed').fill('0')
    await page.keyboard.press('Tab')
    await expect.poll(after).toBe(first)
    expect(second).not.toBe(first)
    await panel().getByRole('button', { name: 'Draw 3' }).click()
    expect(await changed(first)).not.toBe(second)
    await panel().getByRole('button', { name: 'Draw 1' }).click()
  })

  it('switches steps off and on, adds them, changes them, and says what was drawn', async () => {
    const { page } = opened
    await policy().selectOption('none')
    await panel().getByText('No step: clips are trained on as they are.').waitFor()
    await expect.poll(async () => (await after()) === (await before())).toBe(true)
    await panel().getByRole('combobox', { name: 'Add a step' }).selectOption('noise')
    const noisy = await changed(await before())
    await panel().getByText(/^(White|Pink|Brown), \d+ dB$/).waitFor()
    await panel().getByRole('button', { name: 'Background noise' }).click()
    expect(await accessibilityProblems(page)).toEqual([])
    const level = panel().getByRole('slider', { name: 'Signal to noise' }).first()
    await level.focus()
    for (let i = 0; i < 15; i++) await level.press('ArrowLeft')
    await changed(noisy)
    await panel().getByRole('switch', { name: 'Background noise' }).click()
    await expect.poll(async () => (await after()) === (await before())).toBe(true)
    await panel().getByRole('switch', { name: 'Background noise' }).click()
    await changed(await before())
    // A step of the features comes before the mixture and behind the sound, wherever it is added from.
    await panel().getByRole('combobox', { name: 'Add a step' }).selectOption('speed')
    await panel().getByText(/^×\d\.\d\d$/).waitFor()
    expect(await panel().getByRole('alert').count()).toBe(0)
  })

  it('plays the sound before and after', async () => {
    const { page } = opened
    for (const name of ['before', 'after']) {
      const sound = page.waitForResponse((response) => response.url().includes('/media/preview/') && response.headers()['content-type'] === 'audio/wav')
      await panel().getByRole('button', { name: `Play the clip ${name} augmentation` }).click()
      expect([200, 206]).toContain((await sound).status())
    }
  })

  it('saves a policy of the person, refuses names that are taken, and undo takes it back', async () => {
    const { page } = opened
    await panel().getByRole('button', { name: 'Save as a policy of my own' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('standard')
    await dialog.getByText('This name comes with Espectro.').waitFor()
    await dialog.getByLabel('Name').fill('my noise')
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await expect(policy().inputValue()).resolves.toBe('my noise')
    await page.keyboard.press('Control+z')
    await expect.poll(() => policy().locator('option', { hasText: 'my noise' }).count()).toBe(0)
    expect(studio.complaints).toEqual([])
  })
})

import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '../../src-main/catalog/index.ts'
import { importFolder, splitDataset } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { writeTones } from '../support/studio.ts'

const part = (page: Page, name: string) => page.getByRole('region', { name: new RegExp(`^${name}`) })

/** A page on a busy machine takes its time. */
const settled = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000 })

describe.skipIf(chromiumPath() === null)(`the settings of a training in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    const library = unwrap(openLibrary(join(studio.folder, 'library')))
    writeTones(join(studio.folder, 'tones'), ['no', 'yes'], ['ana', 'luis', 'eva'], 4)
    unwrap(await importFolder(library, { path: join(studio.folder, 'tones'), dataset: 'words', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' } }))
    unwrap(splitDataset(library, 'words', { group: 'speaker', test: 0.3, validation: 0.3 }))
    library.close()
    opened = await studio.open()
    await opened.page.getByRole('link', { name: 'Train', exact: true }).click()
    await opened.page.getByText(/parameters, .* MACs/).waitFor()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('a policy by name follows the size of the features, and says so', async () => {
    const { page } = opened
    const policy = page.getByLabel('Policy', { exact: true })
    await settled(() => policy.inputValue()).toBe('speakers')
    await policy.selectOption('LB')
    await page.getByLabel('From sound to features').selectOption('logmel-40x101')
    await page.getByText('Scaled to the 40 × 101 of these features.').waitFor()
    await settled(() => policy.inputValue()).toBe('LB')
    await part(page, 'Augmentation').getByRole('button', { name: 'Steps', exact: true }).click()
    // W 80, F 27 and T 100 of 80 bands and 1,230 frames.
    await part(page, 'Augmentation').getByText('14 bins').waitFor()
    await part(page, 'Augmentation').getByText('7 frames').waitFor()
  })

  it('steps are added, changed and kept as a policy of the person’s own', async () => {
    const { page } = opened
    const augment = part(page, 'Augmentation')
    await augment.getByLabel('Add a step…').selectOption('gain')
    await settled(() => page.getByLabel('Policy', { exact: true }).inputValue()).toBe('')
    await augment.getByRole('button', { name: /^Gain/ }).click()
    await augment.getByRole('slider', { name: 'Probability' }).focus()
    await page.keyboard.press('ArrowLeft')
    await augment.getByText(/^95 % · −6|^95 % · -6/).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await augment.getByRole('button', { name: 'Save as a policy of my own' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('loud')
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await settled(() => page.getByLabel('Policy', { exact: true }).inputValue()).toBe('loud')
    await augment.getByRole('button', { name: 'Preview on a clip of the dataset' }).click()
    await page.getByRole('button', { name: /^Gain/ }).waitFor()
    expect(await page.getByLabel('Augmentation policy').inputValue()).toBe('loud')
    await page.getByRole('link', { name: 'Train', exact: true }).click()
  })

  it('a batch can be normalised in parts, where the network normalises by batches', async () => {
    const { page, context } = await studio.open()
    await page.getByRole('link', { name: 'Train', exact: true }).click()
    const recipe = part(page, 'Recipe')
    await recipe.getByRole('button', { name: 'More settings' }).click()
    await page.getByLabel('Schedule', { exact: true }).waitFor()
    const parts = page.getByLabel('Batch normalisation', { exact: true })
    const architecture = page.getByLabel('Architecture', { exact: true })
    await architecture.selectOption('resnet-small')
    await settled(() => parts.inputValue()).toBe('2')
    expect(await page.locator(`#${await parts.getAttribute('aria-describedby')}`).textContent()).toContain('16 clips or more')
    await parts.selectOption('1')
    const kept = (): Promise<string> => page.evaluate('JSON.stringify(Object.entries(localStorage).filter(([key]) => key.startsWith("espectro.training.")))')
    await settled(kept).toMatch(/ghostBatches\W+1\b/)
    expect(await accessibilityProblems(page)).toEqual([])
    await parts.selectOption('2')
    await architecture.selectOption('lenet5')
    await settled(() => parts.count()).toBe(0)
    await context.close()
  })

  it('what is wrong with a setting of the front end stands beside it', async () => {
    const { page } = opened
    const frontEnd = part(page, 'Front end')
    await frontEnd.getByRole('button', { name: 'More settings' }).click()
    const hop = page.getByLabel('Hop', { exact: true })
    await hop.fill('0')
    await settled(() => hop.getAttribute('aria-invalid')).toBe('true')
    await hop.fill('20')
    await settled(() => hop.getAttribute('aria-invalid')).toBeNull()
    await frontEnd.getByText('1 × 40 × 51').waitFor()
    await page.getByLabel('Resize as a picture').check()
    await page.getByLabel('Width', { exact: true }).fill('32')
    await frontEnd.getByText('1 × 64 × 32').waitFor()
    await page.getByLabel('Mel scale').selectOption('htk')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByLabel('From sound to features').selectOption('logmel-64x64')
    await frontEnd.getByText('1 × 64 × 64').waitFor()
  })

  it('a new run takes the settings of an old one; what waits is moved', async () => {
    const { page } = opened
    await page.getByLabel('Epochs', { exact: true }).fill('3')
    await part(page, 'Recipe').getByRole('button', { name: 'More settings' }).click()
    await page.getByLabel('Unequal classes').selectOption('weights')
    await page.getByRole('button', { name: /^Train/, disabled: false }).click()
    await page.getByText('Finished', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Back to the suggested settings' }).click()
    expect(await page.getByLabel('Unequal classes').inputValue()).toBe('none')
    await page.getByRole('button', { name: 'New from this' }).click()
    await settled(() => page.getByLabel('Unequal classes').inputValue()).toBe('weights')
    expect(await page.getByLabel('Epochs', { exact: true }).inputValue()).toBe('3')
    await page.getByLabel('Epochs', { exact: true }).fill('5000')
    for (const name of ['first', 'second', 'third']) {
      await page.getByRole('textbox', { name: 'Name' }).fill(name)
      await page.getByRole('button', { name: /^Train/, disabled: false }).click()
      await page.getByRole('link', { name: new RegExp(name) }).first().waitFor()
    }
    const waiting = () => page.getByRole('button', { name: /^Take “/ }).evaluateAll((buttons) => buttons.map((b) => /“(.*)”/.exec(b.getAttribute('aria-label') ?? '')?.[1]))
    await settled(waiting).toEqual(['second', 'third'])
    await page.getByRole('button', { name: 'Train “third” earlier' }).click()
    await settled(waiting).toEqual(['third', 'second'])
    await page.getByRole('button', { name: 'Train “third” later' }).click()
    await settled(waiting).toEqual(['second', 'third'])
    for (const name of ['second', 'third']) await page.getByRole('button', { name: `Take “${name}” out of the queue` }).click()
    await page.getByRole('link', { name: /first/ }).first().click()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Go on' }).waitFor()
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    expect(studio.complaints).toEqual([])
  })
})

import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listClipRows, openLibrary } from '../../src-main/catalog/index.ts'
import { importFolder, splitDataset } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createTrainingRun, trainRun } from '../../src-main/runs/index.ts'
import { makeToneClips, SETTINGS } from '../integration/training-data.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'

/** For machines that do much else. */
const SLOW = { timeout: 30_000 }

/** Three pitches and a network that tells them apart: map, inside, back-propagation. */
describe.skipIf(chromiumPath() === null)(`the map and the inside of a network in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened
  let run = ''
  const labelled = (label: string): number => {
    const library = unwrap(openLibrary(join(studio.folder, 'library')))
    const count = listClipRows(library.catalog, 1).filter((c) => c.label === label).length
    library.close()
    return count
  }
  const go = (page: Page, tab: string) => page.evaluate(`location.hash = '#/inspect/${run}/${tab}'`)
  const picture = (page: Page) => page.getByRole('img', { name: /^(Map of|Mapa de) \d+ clips/ })
  /** How many pixels of a picture are not clear; read from a copy, since the picture itself is not made for reading. */
  const drawn = (page: Page) =>
    picture(page).evaluate((element) => {
      interface Copy { getContext(kind: '2d', options: object): { drawImage(...from: unknown[]): void; getImageData(...box: number[]): { data: Uint8ClampedArray } } }
      const { width, height } = element as unknown as { width: number; height: number }
      const { OffscreenCanvas } = globalThis as unknown as { OffscreenCanvas: new (width: number, height: number) => Copy }
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
      context.drawImage(element, 0, 0)
      const { data } = context.getImageData(0, 0, width, height)
      let count = 0
      for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) count++
      return count
    })

  beforeAll(async () => {
    studio = await studioInBrowser()
    const tones = join(studio.folder, 'tones')
    makeToneClips(tones)
    const library = unwrap(openLibrary(join(studio.folder, 'library')))
    unwrap(await importFolder(library, { path: tones, dataset: 'tones', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' } }))
    unwrap(splitDataset(library, 'tones', { test: 0.2, validation: 0.2 }))
    run = unwrap(await createTrainingRun(library, { dataset: 'tones', settings: SETTINGS, device: 'cpu', threads: 1 })).id
    unwrap(await trainRun(library, run))
    library.close()
    opened = await studio.open({ viewport: { width: 1280, height: 720 } })
    await opened.page.getByRole('link', { name: 'Inspect', exact: true }).waitFor()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(async () => {
    expect(studio.complaints).toEqual([])
    await studio[Symbol.asyncDispose]()
  })

  it('makes a map of all clips, with what they are coloured by', async () => {
    const { page } = opened
    await go(page, 'map')
    await page.getByText('No map yet').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Make the map' }).click()
    await picture(page).waitFor()
    await page.getByText('60 points').waitFor()
    expect(await drawn(page)).toBeGreaterThan(300)
    await page.getByLabel('Colour by').selectOption('error')
    await page.getByRole('button', { name: /^Not evaluated/ }).waitFor()
    await page.getByLabel('Colour by').selectOption('label')
    const before = await drawn(page)
    await page.getByRole('button', { name: /^high/ }).click()
    await page.getByText('40 points').waitFor()
    await expect.poll(() => drawn(page), SLOW).toBeLessThan(before)
    await page.getByRole('button', { name: /^high/ }).click()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('selects by a lasso, labels what is selected, and takes it back', async () => {
    const { page } = opened
    expect(labelled('low')).toBe(20)
    const box = (await picture(page).boundingBox())!
    const to = (x: number, y: number) => page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 })
    await to(0.02, 0.02)
    await page.mouse.down()
    await to(0.98, 0.02)
    await to(0.98, 0.98)
    await to(0.02, 0.98)
    await page.mouse.up()
    await page.getByRole('heading', { name: '60 selected' }).waitFor()
    await page.getByLabel('Label as…').selectOption({ label: 'low' })
    await page.getByText('40 clips labelled low', { exact: true }).waitFor()
    // The list reads its clips again.
    await page.getByRole('option', { name: /low_.*low$/ }).first().waitFor()
    expect(labelled('low')).toBe(60)
    await page.getByRole('button', { name: /^low\s?60/ }).waitFor()
    await page.getByRole('button', { name: 'Undo', exact: true }).first().click()
    await page.getByRole('button', { name: /^low\s?20/ }).waitFor()
    expect(labelled('low')).toBe(20)
  })

  it('selects by the keyboard in the list beside it, and shows the selection in the Library', async () => {
    const { page } = opened
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'All clips in sight' }).waitFor()
    const list = page.getByRole('listbox', { name: /^Points of the map/ })
    await list.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '1 selected' }).waitFor()
    await page.getByRole('button', { name: 'Show in the Library' }).click()
    await page.getByText(/1 selected/).first().waitFor()
  })

  it('shows what every layer makes of a clip, Grad-CAM over it, and what a unit sees', async () => {
    const { page } = opened
    await go(page, 'inside')
    await page.getByRole('img', { name: /^Features of the clip with Grad-CAM for (low|middle|high)$/ }).waitFor()
    const layers = page.getByRole('complementary', { name: 'Layers' })
    await layers.getByRole('button', { name: 'relu1' }).click()
    await layers.getByText(/ zeros$/).waitFor()
    const channel = page.getByRole('button', { name: /^Channel 1:/ })
    await channel.focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText(/^The unit sees rows \d+–\d+ and frames \d+–\d+/).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await layers.getByRole('button', { name: 'conv1' }).click()
    await layers.getByRole('button', { name: 'Filters' }).click()
    await page.getByRole('button', { name: 'Occlusion' }).click()
    await page.getByRole('img', { name: /^Features of the clip with Occlusion/ }).waitFor()
    await page.getByRole('button', { name: 'Saliency' }).click()
    await page.getByRole('img', { name: /^Features of the clip with Saliency/ }).waitFor()
  })

  it('goes back through a small network node by node with the arrow keys, then takes the step', async () => {
    const { page } = opened
    await go(page, 'backprop')
    const status = page.getByRole('status')
    await page.getByText('Forward pass').waitFor()
    await page.getByRole('region', { name: 'Back-propagation', exact: true }).waitFor()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => status.textContent(), SLOW).toContain('sum (loss)')
    for (const node of ['square (loss)', 'sub (loss)', 'sigmoid (sigmoid2)', 'linear (linear2)']) {
      await page.keyboard.press('ArrowLeft')
      await expect.poll(() => status.textContent(), SLOW).toContain(node)
    }
    await page.getByRole('heading', { name: /linear2\.weight ∂L\/∂Wᵢⱼ = xᵢ · ∂L\/∂zⱼ/ }).waitFor()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => status.textContent(), SLOW).toContain('sigmoid (sigmoid2)')
    expect(await accessibilityProblems(page)).toEqual([])
    for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowLeft')
    await page.getByText(/Every parameter takes a step against its gradient/).waitFor()
    await page.keyboard.press('s')
    await page.getByText(/^Step 2/).waitFor()
    await page.getByRole('button', { name: 'This run’s' }).or(page.getByRole('button', { name: "This run's" })).click()
    await page.getByRole('rowheader', { name: 'linear1.weight' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('speaks Spanish, in the light too', async () => {
    const other = await studio.open({ locale: 'es', colorScheme: 'light', viewport: { width: 1280, height: 720 } })
    const { page } = other
    await page.getByRole('link', { name: 'Inspeccionar', exact: true }).waitFor()
    for (const [tab, text] of [['map', 'Aún no hay mapa'], ['inside', 'Capas'], ['backprop', 'Pasada hacia delante']] as const) {
      await go(page, tab)
      await page.getByText(text).first().waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    }
    await other.context.close()
  })
})

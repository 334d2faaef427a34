import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { encodeWav } from '../../src-main/audio/index.ts'
import { createRandom } from '../../src-main/kit/index.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { importByDialog } from '../support/import-dialog.ts'

const RATE = 8000
/** Ten seconds of soft noise with four tones of half a second, at 1, 3, 5 and 7 s. */
function recording(): Uint8Array {
  const random = createRandom('long recording')
  const tone = (i: number): number => ([1, 3, 5, 7].some((from) => i >= from * RATE && i < (from + 0.5) * RATE) ? 0.4 * Math.sin((2 * Math.PI * 700 * i) / RATE) : 0)
  return encodeWav(Float32Array.from({ length: 10 * RATE }, (_, i) => 0.002 * random.normal() + tone(i)), RATE)
}

const onWave = (page: Page) => page.locator('[data-regions=waveform] [data-region]')
const clipCount = (page: Page) => page.getByRole('complementary', { name: 'Clips of this recording' }).getByRole('button').count()
const waveBox = async (page: Page) => (await page.locator('[data-regions=waveform]').boundingBox())!
/** Drags over the waveform (or the spectrogram) from one part of its width to another. */
async function drag(page: Page, from: number, to: number, pane: 'waveform' | 'spectrogram' = 'waveform', heights: readonly [number, number] = [0.6, 0.6]): Promise<void> {
  const box = (await page.locator(`[data-regions=${pane}]`).boundingBox())!
  await page.mouse.move(box.x + box.width * from, box.y + box.height * heights[0])
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * ((from + to) / 2), box.y + box.height * heights[1])
  await page.mouse.move(box.x + box.width * to, box.y + box.height * heights[1])
  await page.mouse.up()
}

/** How many regions there are once nothing has changed for a while, and not none: the clip that was imported always stays. */
async function settledCount(page: Page): Promise<number> {
  let before = -1
  for (;;) {
    const now = await onWave(page).count()
    if (now === before && now > 0) return now
    before = now
    await page.waitForTimeout(300)
  }
}

/** A machine may be slow; what never comes true still fails. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

describe.skipIf(chromiumPath() === null)(`regions in the editor in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened
  const undo = (page: Page) => page.keyboard.press('Control+z')

  beforeAll(async () => {
    studio = await studioInBrowser()
    mkdirSync(join(studio.folder, 'recordings'))
    writeFileSync(join(studio.folder, 'recordings', 'bird_ana_0.wav'), recording())
    opened = await studio.open()
    const { page } = opened
    await importByDialog(page, 'recordings', '{label}_{speaker}_{take}', 'sounds')
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+e')
    await onWave(page).waitFor()
    await page.keyboard.press('0')
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('finds sounds while the threshold is moved, and makes regions of them by one change', async () => {
    const { page } = opened
    await page.getByRole('tab', { name: 'Sounds' }).click()
    await eventually(() => page.locator('[data-regions=waveform] [data-testid=found]').count()).toBe(4)
    await eventually(() => page.getByRole('button', { name: 'Create 4 regions' }).isEnabled()).toBe(true)
    // What was greyed a moment ago is painted anew before its contrast is judged.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    expect(await accessibilityProblems(page)).toEqual([])
    // Above the tones there is nothing.
    await page.getByRole('button', { name: 'Absolute' }).click()
    await page.getByRole('slider', { name: 'Threshold' }).focus()
    await page.keyboard.press('End')
    await page.getByRole('button', { name: 'No sounds found' }).waitFor()
    await page.getByRole('button', { name: 'Above the noise' }).click()
    for (let i = 0; i < 20; i++) await page.keyboard.press('Tab')
    await page.getByRole('slider', { name: 'Threshold' }).focus()
    await page.keyboard.press('Home')
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowRight')
    await page.getByRole('button', { name: 'Create 4 regions' }).click()
    await eventually(() => onWave(page).count()).toBe(5)
    await eventually(() => clipCount(page)).toBe(5)
    await page.getByRole('tab', { name: 'View' }).click()
    await eventually(() => page.locator('[data-testid=found]').count()).toBe(0)
  })

  it('makes a region of what is dragged, with its frequencies on the spectrogram, and labels it by a key', async () => {
    const { page } = opened
    await drag(page, 0.82, 0.92)
    await page.keyboard.press('Enter')
    await eventually(() => onWave(page).count()).toBe(6)
    await drag(page, 0.4, 0.47, 'spectrogram', [0.5, 0.8])
    await page.keyboard.press('1')
    await eventually(() => onWave(page).count()).toBe(7)
    await eventually(() => page.locator('[data-regions=spectrogram] [data-grip=high]').count()).toBe(1)
    await page.getByRole('banner').or(page.locator('header')).getByText('bird', { exact: true }).first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('moves and resizes by the mouse, nudges by keys, splits, merges and deletes', async () => {
    const { page } = opened
    const box = await waveBox(page)
    const regionOf = async () => (await page.locator('[data-regions=waveform] [data-region].z-10').boundingBox())!
    const before = await regionOf()
    const flag = page.locator('[data-regions=waveform] [data-region].z-10 [data-grip=move]')
    await flag.hover()
    await page.mouse.down()
    await page.mouse.move(before.x + 80, box.y + 10, { steps: 4 })
    await page.mouse.up()
    await eventually(async () => (await regionOf()).x).toBeGreaterThan(before.x + 40)
    const moved = await regionOf()
    expect(Math.abs(moved.width - before.width)).toBeLessThan(3)
    await page.mouse.move(moved.x + moved.width - 1, box.y + box.height * 0.7)
    await page.mouse.down()
    await page.mouse.move(moved.x + moved.width + 60, box.y + box.height * 0.7, { steps: 4 })
    await page.mouse.up()
    await eventually(async () => (await regionOf()).width).toBeGreaterThan(moved.width + 40)
    const wide = await regionOf()
    for (let i = 0; i < 5; i++) await page.keyboard.press('>')
    await eventually(async () => (await regionOf()).width).toBeGreaterThan(wide.width + 3)
    // Five presses are one undo.
    await undo(page)
    await eventually(async () => Math.abs((await regionOf()).width - wide.width)).toBeLessThan(1.5)
    await page.mouse.click(wide.x + wide.width / 2, box.y + box.height * 0.8)
    await page.keyboard.press('s')
    await eventually(() => onWave(page).count()).toBe(8)
    // The list beside must know both halves before the one above is chosen.
    await eventually(() => clipCount(page)).toBe(8)
    // Two keys in a row: the second is already about the clip that the first went to.
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('m')
    await eventually(() => onWave(page).count()).toBe(7)
    await page.keyboard.press('Delete')
    await eventually(() => onWave(page).count()).toBe(6)
    await undo(page)
    await eventually(() => onWave(page).count()).toBe(7)
  })

  it('edits the sound of a region: drawn and heard before and after, kept, and undone', async () => {
    const { page } = opened
    await page.getByRole('tab', { name: 'Edits' }).click()
    const picture = page.waitForResponse((response) => response.url().includes('edits='))
    await page.getByRole('region', { name: 'Gain' }).getByRole('switch').click()
    expect((await picture).status()).toBe(200)
    await page.getByRole('region', { name: 'Fade in' }).getByRole('switch').click()
    await page.getByRole('slider', { name: 'Level' }).focus()
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight')
    expect(await accessibilityProblems(page)).toEqual([])
    const heard = page.waitForResponse((response) => response.url().includes('.wav'))
    await page.getByRole('button', { name: 'Play', exact: true }).last().click()
    expect(decodeURIComponent((await heard).url())).toContain('{"kind":"gain","db":9}')
    await page.getByRole('button', { name: 'Before' }).click()
    await page.getByRole('tab', { name: 'View' }).click()
    await page.getByRole('tab', { name: 'Edits' }).click()
    await page.getByRole('region', { name: 'Gain' }).getByText('9 dB').waitFor()
    // One flow of changes is one undo.
    await page.locator('[data-regions=waveform]').focus().catch(() => undefined)
    await undo(page)
    await eventually(() => page.getByRole('switch', { checked: true }).count()).toBe(0)
    await page.keyboard.press('Control+Shift+Z')
    await eventually(() => page.getByRole('switch', { checked: true }).count()).toBe(2)
  })

  it('finds everything after a restart, and takes everything back to the one clip there was', async () => {
    await studio.restart()
    await opened.context.close()
    studio.complaints.splice(0)
    opened = await studio.open()
    const { page } = opened
    await page.getByText('7 clips', { exact: true }).waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+e')
    await eventually(() => onWave(page).count()).toBeGreaterThan(0)
    await page.keyboard.press('0')
    await eventually(() => onWave(page).count()).toBe(7)
    // Each undo is waited for: between two states of the catalog the page may show no region at all for a moment.
    for (let i = 0; i < 12 && (await settledCount(page)) > 1; i++) await undo(page)
    await eventually(() => onWave(page).count()).toBe(1)
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    expect(studio.complaints).toEqual([])
  })
})

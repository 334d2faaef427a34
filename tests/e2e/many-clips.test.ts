import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureDataset, ensureLabel, insertClip, insertRecording, openLibrary } from '../../src-main/catalog/index.ts'
import { ok, unwrap } from '../../src-main/kit/index.ts'
import { chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'

const CLIPS = 100_000

describe.skipIf(chromiumPath() === null)(`a hundred thousand clips${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    fillLibrary(join(studio.folder, 'library'))
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
    await page.getByText('099999.wav').first().waitFor()
    expect(await rows()).toBeLessThan(80)
    await page.getByRole('grid').hover()
    for (let i = 0; i < 20; i++) await page.mouse.wheel(0, -40_000)
    await expect.poll(rows).toBeLessThan(80)
    await page.keyboard.press('Home')
    await page.getByText('000000.wav').first().waitFor()
  })

  it('are sorted and searched by the catalog', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Length' }).click()
    await page.getByRole('button', { name: 'Length' }).click()
    await expect.poll(() => page.getByRole('row').nth(1).textContent()).toContain('1.00 s')
    await page.getByRole('searchbox').fill('speaker39 099999')
    await page.getByText('1 of 100,000 clips').waitFor()
    await page.getByRole('searchbox').fill('')
    await page.getByRole('button', { name: 'class3' }).first().click()
    await page.getByText('10,000 of 100,000 clips').waitFor()
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
})

/** One recording cut into a hundred thousand spans: rows are what is tested here, not decoding. */
function fillLibrary(root: string): void {
  using library = unwrap(openLibrary(root))
  unwrap(library.catalog.transact('fill', (catalog) => {
    const dataset = unwrap(ensureDataset(catalog, 'many'))
    const labels = Array.from({ length: 10 }, (_, i) => unwrap(ensureLabel(catalog, dataset.id, `class${i}`)).id)
    const recordingKey = insertRecording(catalog, {
      id: 'ab'.repeat(32), extension: 'wav', linkedPath: null, linkedModifiedMs: null, originalName: 'long.wav',
      container: 'wav', codec: 'pcm_s16le', sampleRate: 16_000, channels: 1, frames: CLIPS * 16_000, bytes: CLIPS * 32_000,
    })
    for (let i = 0; i < CLIPS; i++)
      insertClip(catalog, {
        datasetId: dataset.id, recordingKey, startSample: i * 16_000, endSample: i * 16_000 + 8000 + (i % 8001), sampleRate: 16_000,
        labelId: labels[i % 10]!, speaker: `speaker${i % 40}`, source: `take/${String(i).padStart(6, '0')}.wav`,
      })
    return ok(undefined)
  }, { undoable: false }))
}

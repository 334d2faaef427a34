import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type StudioInBrowser } from '../support/browser.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'audio')
const path = process.env['PATH']

describe.skipIf(chromiumPath() === null)(`sound that needs another decoder${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser

  beforeAll(async () => {
    studio = await studioInBrowser()
    const folder = join(studio.folder, 'aac')
    for (const label of ['siete', 'ocho', 'nueve']) mkdirSync(join(folder, label), { recursive: true })
    copyFileSync(join(FIXTURES, 'stereo44k.m4a'), join(folder, 'siete', 'stereo44k.m4a'))
    copyFileSync(join(FIXTURES, 'mono16k.aac'), join(folder, 'ocho', 'mono16k.aac'))
    // Its header is fine and its sound is not.
    const broken = readFileSync(join(FIXTURES, 'stereo44k.m4a'))
    const sound = broken.indexOf('mdat') + 4
    writeFileSync(join(folder, 'nueve', 'broken.m4a'), broken.fill(0x5a, sound, sound + 2000))
    // As on a machine without ffmpeg: the threads that decode take the path over when the program starts.
    process.env['PATH'] = join(studio.folder, 'no-programs')
    await studio.restart()
  })
  afterAll(async () => {
    process.env['PATH'] = path
    await studio[Symbol.asyncDispose]()
  })

  it('is decoded in the browser without ffmpeg, and gets the labels that it would have had', async () => {
    const { page } = await studio.open()
    await page.getByRole('button', { name: 'Import a folder' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'aac' }).click()
    await dialog.getByText('3 recordings in this folder').waitFor()
    await dialog.getByRole('button', { name: 'Choose this folder' }).click()
    await dialog.getByRole('button', { name: 'Import 3 recordings' }).click()
    await dialog.getByText('3 files could not be read').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Decode 3 files here' }).click()
    await dialog.getByText('2 clips added').waitFor()
    await dialog.getByText('1 file could not be read').waitFor()
    await dialog.getByText('This browser cannot decode it either').waitFor()
    await dialog.getByRole('button', { name: 'Show the clips' }).click()
    const row = page.getByRole('row').filter({ hasText: 'stereo44k.m4a' })
    await expect.poll(() => row.textContent()).toMatch(/siete.*0\.3\d s/s)
    await page.getByRole('row').filter({ hasText: 'mono16k.aac' }).getByText('ocho', { exact: true }).waitFor()
    expect(studio.complaints).toEqual([])
  })
})

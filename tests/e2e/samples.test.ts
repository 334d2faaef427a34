import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type StudioInBrowser } from '../support/browser.ts'

describe.skipIf(chromiumPath() === null)(`an empty library (else: ${NO_BROWSER})`, () => {
  let studio: StudioInBrowser
  beforeAll(async () => {
    studio = await studioInBrowser()
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('offers the sample set, which brings its labels and speakers', async () => {
    const { page } = await studio.open()
    await page.getByRole('button', { name: 'Or try the sample set' }).click()
    await page.getByRole('button', { name: /^Import 1,200/ }).click()
    await page.getByRole('button', { name: 'Show the clips' }).click()
    await page.getByText('1,200 clips').waitFor()
    for (const label of ['zero', 'siete']) await page.getByRole('button', { name: new RegExp(`^${label}`) }).first().waitFor()
    await page.getByText('en-us-m1').first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(studio.complaints).toEqual([])
  })
})

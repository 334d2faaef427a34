import type { Page } from 'playwright-core'

/** Imports a folder beside the library as a person does, labels from the file names; ends in the Library. */
export async function importByDialog(page: Page, folder: string, pattern: string, dataset: string): Promise<void> {
  await page.getByRole('button', { name: 'Import a folder' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: folder }).click()
  await dialog.getByRole('button', { name: 'Choose this folder' }).click()
  await dialog.getByLabel('The file name, as').click()
  await dialog.getByLabel('Pattern of file names').fill(pattern)
  await dialog.getByLabel('Dataset').fill(dataset)
  await dialog.getByRole('button', { name: /^Import \d+ recordings?$/ }).click()
  await dialog.getByRole('button', { name: 'Show the clips' }).click()
  await dialog.waitFor({ state: 'detached' })
}

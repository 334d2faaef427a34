import { join } from 'node:path'
import { openLibrary, type Library } from '../../src-main/catalog/index.ts'
import { importFolder, splitDataset } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { fsddFolder } from './fsdd.ts'

/** A library with all real digits as the dataset `digits`, linked, in the official split: takes 0 to 4 are the test. */
export async function digitsLibrary(folder: string): Promise<Library> {
  const library = unwrap(openLibrary(join(folder, 'library')))
  unwrap(await importFolder(library, { path: fsddFolder!, dataset: 'digits', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' }, link: true }))
  unwrap(splitDataset(library, 'digits', { testWhere: 'take<5' }))
  return library
}

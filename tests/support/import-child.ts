/** Imports a folder in a process of its own, so that a test can let it die: `LIBRARY FOLDER BATCH`. */
import { openLibrary } from '../../src-main/catalog/index.ts'
import { importFolder } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'

const [root, path, batch] = process.argv.slice(2)
const library = unwrap(openLibrary(root!))
const result = await importFolder(
  library,
  { path: path!, dataset: 'd', labels: { from: 'folder' }, workers: 1 },
  { batchFiles: Number(batch) },
)
library.close()
process.stdout.write(JSON.stringify(result.ok ? { added: result.value.added } : result.error))

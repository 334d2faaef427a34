/** Appends batches of clips to a cache until a fail point kills it: node append-child.ts FOLDER HASH VALUES BATCHES BATCH */
import { openFeatureCache } from '../../../src-main/features/cache.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { entry } from './entries.ts'

const [folder, hash, values, batches, batch] = process.argv.slice(2) as [string, string, string, string, string]
const cache = unwrap(await openFeatureCache(folder, hash, Number(values)))
for (let b = 0; b < Number(batches); b++) {
  const entries = Array.from({ length: Number(batch) }, (_, i) => entry(b * Number(batch) + i, Number(values)))
  unwrap(await cache.append(entries))
  process.stdout.write(`${b}\n`)
}
await cache.close()

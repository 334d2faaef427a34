// Runs the benchmarks in bench/ one after another, or those whose names are given: `npm run bench -- features`.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, root, runNode } from './ensure.mjs'

ensureInstalled()
const all = readdirSync(join(root, 'bench')).filter((f) => f.endsWith('.ts')).map((f) => f.slice(0, -3)).sort()
const [chosen = [], rest = []] = process.argv.includes('--')
  ? [process.argv.slice(2, process.argv.indexOf('--')), process.argv.slice(process.argv.indexOf('--') + 1)]
  : [process.argv.slice(2)]
const unknown = chosen.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(', ')}. There are: ${all.join(', ')}.`)
  process.exit(2)
}
let failed = 0
for (const name of chosen.length > 0 ? chosen : all) {
  console.log(`\n# ${name}`)
  failed += runNode([join('bench', `${name}.ts`), ...rest]) === 0 ? 0 : 1
}
process.exit(failed === 0 ? 0 : 1)

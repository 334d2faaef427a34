// The quick gate before every commit: types, lint, rooms and unit tests.
import { ensureInstalled, runNode } from './ensure.mjs'

ensureInstalled()
const steps = [
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['types of the window', ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'tsconfig.renderer.json']],
  ['lint', ['node_modules/oxlint/bin/oxlint', '--deny-warnings']],
  ['rooms and unit tests', ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit']],
]
for (const [name, args] of steps) {
  const code = runNode(args)
  if (code !== 0) {
    console.error(`check: ${name} failed`)
    process.exit(code)
  }
}
console.log('check: types, lint, rooms and unit tests are fine')

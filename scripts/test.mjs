// Every test: installs what is missing, checks types and lint, runs all suites, and closes with one line of counts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureDebianPackages, ensureInstalled, runNode } from './ensure.mjs'

ensureInstalled()
ensureDebianPackages({ chromium: '/usr/lib/chromium/vk_swiftshader_icd.json' })

const vueTypes = ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'tsconfig.renderer.json']
for (const args of [['node_modules/typescript/bin/tsc', '--noEmit'], vueTypes, ['node_modules/oxlint/bin/oxlint', '--deny-warnings']]) {
  const code = runNode(args)
  if (code !== 0) process.exit(code)
}

const folder = mkdtempSync(join(tmpdir(), 'espectro-test-'))
const report = join(folder, 'report.json')
const code = runNode(['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)])
try {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'))
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(code)

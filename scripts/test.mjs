// Every test: installs what is missing, checks types and lint, runs all suites, and closes with one line of counts.
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { ensureDebianPackages, ensureInstalled, root, runNode, startNode } from './ensure.mjs'

ensureInstalled()
ensureDebianPackages({ chromium: '/usr/lib/chromium/vk_swiftshader_icd.json' })

const vueTypes = ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'tsconfig.renderer.json']
for (const args of [['node_modules/typescript/bin/tsc', '--noEmit'], vueTypes, ['node_modules/oxlint/bin/oxlint', '--deny-warnings']]) {
  const code = runNode(args)
  if (code !== 0) process.exit(code)
}

// Browsers wait more than they compute: they run beside the other suites. What they say is shown after the rest.
const folder = mkdtempSync(join(tmpdir(), 'espectro-test-'))
const browserSays = join(folder, 'e2e.txt')
const says = openSync(browserSays, 'w')
const suites = [[['unit', 'real'], 'inherit'], [['e2e'], ['ignore', says, says]]]
const reports = suites.map((_, i) => join(folder, `report-${i}.json`))
try {
  const codes = await Promise.all(suites.map(([projects, stdio], i) => startNode([
    'node_modules/vitest/vitest.mjs', 'run', ...projects.flatMap((p) => ['--project', p]), '--passWithNoTests',
    '--reporter=default', '--reporter=json', `--outputFile.json=${reports[i]}`, ...process.argv.slice(2),
  ], { stdio })))
  process.stdout.write(readFileSync(browserSays))
  const counts = reports.filter((report) => existsSync(report)).map((report) => JSON.parse(readFileSync(report, 'utf8')))
  for (const { name, assertionResults } of counts.flatMap((count) => count.testResults))
    for (const test of assertionResults) if (test.status === 'failed') console.log(`failed: ${relative(root, name)} > ${test.fullName}`)
  const sum = (name) => counts.reduce((total, count) => total + count[name], 0)
  console.log(`${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed, ${sum('numPendingTests')} skipped`)
  process.exitCode = codes.some((code) => code !== 0) ? 1 : 0
} finally {
  closeSync(says)
  rmSync(folder, { recursive: true, force: true })
}

#!/usr/bin/env node
// The command line's door: hands over to the pinned Node (the SQLite binding needs it) and the sources.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt } from '../scripts/build.mjs'
import { ensureInstalled, pinnedNode, root } from '../scripts/ensure.mjs'

ensureInstalled()
// Only the studio has a page to build.
if (process.argv.slice(2).includes('serve') && !process.argv.includes('--help')) ensureBuilt()
const child = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', join(root, 'src-main', 'app', 'cli.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))

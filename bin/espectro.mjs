#!/usr/bin/env node
// The command line's door: hands over to the pinned Node (the SQLite binding needs it) and the sources.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pinnedNode, root } from '../scripts/ensure.mjs'

const node = existsSync(pinnedNode()) ? pinnedNode() : process.execPath
const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, 'src-main', 'app', 'cli.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))

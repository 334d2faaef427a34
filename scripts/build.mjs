// Builds the page and the desktop door where they are missing or older than their sources. Node built-ins only.
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, runNode } from './ensure.mjs'

const SOURCES = ['src-contract', 'src-main', 'src-preload', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json']
const marker = join(root, 'out', '.built')

export function ensureBuilt() {
  if (existsSync(marker) && newest(SOURCES.map((s) => join(root, s))) <= statSync(marker).mtimeMs) return
  const began = Date.now()
  console.error('Building the studio…')
  const code = runNode(['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'], { env: { NODE_ENV: 'production' }, stdio: ['ignore', 2, 2] })
  if (code !== 0) {
    console.error('The studio could not be built: see the message above.')
    process.exit(code)
  }
  mkdirSync(join(root, 'out'), { recursive: true })
  writeFileSync(marker, '')
  console.error(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`)
}

/** The time of the last change of any file or folder (a removed file changes its folder). */
function newest(paths) {
  return paths.reduce((latest, path) => {
    const entry = statSync(path)
    const below = entry.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : 0
    return Math.max(latest, entry.mtimeMs, below)
  }, 0)
}

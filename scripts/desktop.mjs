// Whether the desktop window can open here, and opening it. Node built-ins only.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './ensure.mjs'

const electron = join(root, 'node_modules', 'electron')
const FETCH_LIMIT_MS = 5 * 60_000
/** A window that ends sooner than this with an error has not opened. */
const OPENED_AFTER_MS = 10_000

/** Why there cannot be a window on this machine, as a sentence; null where nothing speaks against it. */
export function noWindowBecause(platform, env, isRoot) {
  if (platform !== 'linux') return null
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'There is no screen here.'
  if (isRoot) return "The window's sandbox does not work for root."
  return null
}

function binary() {
  const file = join(electron, 'path.txt')
  if (!existsSync(file)) return null
  const path = join(electron, 'dist', readFileSync(file, 'utf8'))
  return existsSync(path) ? path : null
}

/** Electron's program, fetched once where that is possible; null where it is not. */
function obtain() {
  if (binary() === null) {
    console.error("Fetching Electron's program (once, about 110 MB)…")
    const done = spawnSync(process.execPath, [join(electron, 'install.js')], { stdio: 'ignore', timeout: FETCH_LIMIT_MS })
    if (done.status !== 0) return null
  }
  return binary()
}

/** Opens the window and waits for its end. A text says why it did not open; a number is its exit code. */
export function openDesktop(library) {
  const reason = noWindowBecause(process.platform, process.env, process.getuid?.() === 0)
  if (reason !== null) return reason
  const program = obtain()
  if (program === null) return "Electron's program could not be fetched."
  const began = Date.now()
  const env = { ...process.env, ...(library === undefined ? {} : { ESPECTRO_LIBRARY: library }) }
  const done = spawnSync(program, [root], { cwd: root, stdio: 'inherit', env })
  if (done.error || (done.status !== 0 && Date.now() - began < OPENED_AFTER_MS)) return 'The window could not be opened.'
  return done.status ?? 0
}

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { chromiumPath } from '../support/browser.ts'

/** Builds the three parts as they are shipped; without a browser there is nothing to show them in. */
export default function setup(): void {
  if (chromiumPath() === null) return
  const root = join(import.meta.dirname, '..', '..')
  const built = spawnSync(process.execPath, [join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: root, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' },
  })
  if (built.status !== 0) throw new Error(`The page does not build:\n${built.stdout}${built.stderr}`)
}

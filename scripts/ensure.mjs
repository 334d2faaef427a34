// Node built-ins only: this runs before anything is installed, on whatever Node the person has.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')
const windows = process.platform === 'win32'

/** Runs a program with this terminal; returns its exit code. */
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, { cwd: root, stdio: 'inherit', shell: windows && program === 'npm', ...options })
  if (done.error) throw done.error
  return done.status ?? 1
}

/** Installs the locked packages unless they are there already (`ESPECTRO_NO_INSTALL=1` trusts what is there). */
export function ensureInstalled() {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major < 20) {
    console.error(`Espectro needs Node 20 or newer; this is ${process.version}.`)
    process.exit(1)
  }
  if (process.env.ESPECTRO_NO_INSTALL === '1') return
  // A copy of the lock file's hash beside the packages says which lock file they were installed from.
  const marker = join(root, 'node_modules', '.espectro-lock')
  const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
  if (existsSync(pinnedNode()) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return
  // Said on standard error: standard output belongs to the command that was asked for.
  console.error('Installing what is missing (npm ci)…')
  const code = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 2, 2] })
  if (code !== 0) {
    console.error('npm ci failed: see its message above. Espectro needs the npm registry once, to install.')
    process.exit(code)
  }
  writeFileSync(marker, wanted)
}

/** The Node that package.json pins: the SQLite binding needs a newer one than many machines have. */
export function pinnedNode() {
  return join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
}

const nodeWith = (options) => [
  existsSync(pinnedNode()) ? pinnedNode() : process.execPath,
  { cwd: root, ...options, env: { ...process.env, ...options.env, PATH: `${join(root, 'node_modules', '.bin')}${windows ? ';' : ':'}${process.env.PATH}` } },
]

/** Runs a script of the project with the pinned Node; returns its exit code. */
export function runNode(args, options = {}) {
  const [node, all] = nodeWith(options)
  return run(node, args, all)
}

/** The same, beside whatever else is running; the exit code is a promise. */
export function startNode(args, options = {}) {
  const [node, all] = nodeWith(options)
  const child = spawn(node, args, { stdio: 'inherit', ...all })
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)))
}

/** Debian packages that some tests use; installed when root on Debian, else those tests say that they skip. */
export function ensureDebianPackages(packages) {
  const missing = Object.entries(packages).filter(([, file]) => !existsSync(file)).map(([name]) => name)
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    console.log(`Not installed: ${missing.join(', ')} (tests that use them will say that they skip).`)
    return
  }
  console.log(`Installing for the tests: ${missing.join(', ')}…`)
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  run('apt-get', ['update', '-qq'], quiet)
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet)
}

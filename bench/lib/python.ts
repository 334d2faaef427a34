import { spawnSync } from 'node:child_process'

/**
 * A Python that has the named modules, or null: `PYTHON` if set, else python3 of the PATH, else Debian's.
 * Peers are optional: a benchmark without its peer prints its own figures and says what is missing.
 */
export function findPython(modules: readonly string[]): string | null {
  const candidates = [process.env['PYTHON'], 'python3', '/usr/bin/python3'].filter((p) => p !== undefined)
  const works = candidates.find((p) => spawnSync(p, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0)
  if (works === undefined) console.log(`No peer: no Python with ${modules.join(', ')} was found (set PYTHON=/path/to/python).`)
  return works ?? null
}

/** Runs a script of bench/peers and returns the JSON that it prints last. Throws with its standard error. */
export function runPython<T>(python: string, args: readonly string[], env: Record<string, string> = {}): T {
  const done = spawnSync(python, args, { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 28 })
  if (done.status !== 0) throw new Error(`${python} ${args.join(' ')} failed:\n${done.stderr}`)
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as T
}

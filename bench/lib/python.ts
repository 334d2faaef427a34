import { spawnSync } from 'node:child_process'

/**
 * The Pythons that have the named modules: those of `PYTHON` (a list with colons between), else python3 of the
 * PATH or Debian's. Peers are optional: a benchmark without its peer prints its own figures and says what is missing.
 */
export function findPythons(modules: readonly string[]): string[] {
  const named = process.env['PYTHON']?.split(':').filter((p) => p !== '')
  const works = (p: string) => spawnSync(p, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0
  const found = named?.filter(works) ?? []
  const fallBack = found.length > 0 ? undefined : ['python3', '/usr/bin/python3'].find(works)
  if (fallBack !== undefined) return [fallBack]
  if (found.length === 0) console.log(`No peer: no Python with ${modules.join(', ')} was found (set PYTHON=/path/to/python).`)
  return found
}

export const findPython = (modules: readonly string[]): string | null => findPythons(modules)[0] ?? null

/** Runs a script of bench/peers and returns the JSON that it prints last. Throws with its standard error. */
export function runPython<T>(python: string, args: readonly string[], env: Record<string, string> = {}): T {
  const done = spawnSync(python, args, { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 28 })
  if (done.status !== 0) throw new Error(`${python} ${args.join(' ')} failed:\n${done.stderr}`)
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as T
}

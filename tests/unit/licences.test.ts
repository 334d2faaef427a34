import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Espectro is MIT: what it ships with must ask for no more than a notice, or (MPL) for its own files' source. */
const ALLOWED = new Set([
  'MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'MPL-2.0', 'Unlicense', '0BSD', 'BlueOak-1.0.0', 'CC0-1.0',
])

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly license?: string }>>
}

const project = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(project, path), 'utf8')
const lock = JSON.parse(read('package-lock.json')) as LockFile

/** "(MIT OR GPL-2.0)" lets us choose; "MIT AND LGPL-3.0" binds us to both. */
function isAllowed(licence: string): boolean {
  const text = licence.trim().replace(/^\((.*)\)$/s, '$1')
  if (/\sAND\s/.test(text)) return text.split(/\sAND\s/).every(isAllowed)
  if (/\sOR\s/.test(text)) return text.split(/\sOR\s/).some(isAllowed)
  return ALLOWED.has(text)
}

/** Installed or not on this system: other systems' binaries are in the lock file too. */
const production = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && entry.dev !== true)

const declared = (path: string): string | undefined => {
  try {
    return (JSON.parse(read(join(path, 'package.json'))) as { license?: string }).license
  } catch {
    return undefined
  }
}

describe('licences', () => {
  it('every package of the production tree has one that is allowed, in the lock file and in the package itself', () => {
    expect(production.length).toBeGreaterThan(20)
    const refused = production.flatMap(([path, entry]) =>
      [entry.license, declared(path) ?? entry.license]
        .filter((licence) => licence === undefined || !isAllowed(licence))
        .map((licence) => `${path}: ${licence ?? 'no licence'}`),
    )
    expect(refused).toEqual([])
  })

  it('the project itself is MIT', () => {
    expect((JSON.parse(read('package.json')) as { license: string }).license).toBe('MIT')
  })

  it.each(['MIT', '(MIT OR GPL-2.0)', 'MIT AND ISC', 'Apache-2.0'])('%s is allowed', (licence) => {
    expect(isAllowed(licence)).toBe(true)
  })

  it.each(['GPL-3.0', 'LGPL-3.0-or-later', 'MIT AND LGPL-2.1', 'SEE LICENSE IN LICENSE', 'UNLICENSED', ''])('%s is not', (licence) => {
    expect(isAllowed(licence)).toBe(false)
  })

  it('the lock file names no registry', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved":/)
  })
})

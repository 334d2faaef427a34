import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly inBundle?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
const root = join(import.meta.dirname, '..', '..')
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  allowScripts: Record<string, boolean>
}
const packages = Object.entries(lock.packages).filter(([path]) => path !== '')

describe('package-lock.json', () => {
  it('names no registry, so that everyone installs from their own', () => {
    expect(packages.filter(([, p]) => p.resolved !== undefined).map(([path]) => path)).toEqual([])
    expect(packages.filter(([, p]) => p.integrity === undefined && p.inBundle !== true).map(([path]) => path)).toEqual([])
  })

  it('holds the binaries for every system, else npm ci refuses it', () => {
    const missing = packages.flatMap(([, p]) => Object.keys(p.optionalDependencies ?? {}).filter((name) => !packages.some(([path]) => path.endsWith(`node_modules/${name}`))))
    expect(missing).toEqual([])
  })

  it('pins exact versions', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) expect(version, name).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('only the pinned Node runs a script at install', () => {
    const scripted = packages.filter(([, p]) => p.hasInstallScript).map(([path]) => path.split('node_modules/').at(-1)!)
    for (const name of scripted) expect(manifest.allowScripts, name).toHaveProperty(name)
    expect(Object.entries(manifest.allowScripts).filter(([, allowed]) => allowed).map(([name]) => name)).toEqual(['node'])
  })
})

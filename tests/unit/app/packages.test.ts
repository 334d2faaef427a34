import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  main: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}
interface Packaging {
  readonly electronVersion: string
  readonly electronFuses: Readonly<Record<string, boolean>>
  readonly files: readonly string[]
  readonly npmRebuild: boolean
  readonly linux: { readonly target: readonly { readonly target: string }[] }
  readonly win: { readonly target: readonly { readonly target: string }[] }
  readonly mac: { readonly target: readonly { readonly target: string }[]; readonly extendInfo: Readonly<Record<string, string>> }
}
const { default: packaging } = (await import(join(root, 'electron-builder.config.mjs'))) as { default: Packaging }

describe('the desktop packages', () => {
  it('hold the Electron that the types are of, and start the desktop door', () => {
    expect(packaging.electronVersion).toBe(manifest.devDependencies['electron'])
    expect(manifest.main).toBe('out/main/src-main/app/desktop.js')
    expect(packaging.files).toContain('out/**')
  })

  it('cannot be used as a Node, nor be told to load other code', () => {
    expect(packaging.electronFuses).toMatchObject({
      runAsNode: false, enableNodeOptionsEnvironmentVariable: false, enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true, onlyLoadAppFromAsar: true, grantFileProtocolExtraPrivileges: false,
    })
  })

  it('are made for three systems, with the native binaries as they came', () => {
    const targets = [packaging.linux, packaging.win, packaging.mac].map((system) => system.target.map((t) => t.target))
    expect(targets).toEqual([['AppImage', 'deb'], ['nsis'], ['dmg']])
    expect(packaging.npmRebuild).toBe(false)
    expect(packaging.mac.extendInfo).toHaveProperty('NSMicrophoneUsageDescription')
  })

  it('carry what the program loads at run time, and not what is built into the page', () => {
    for (const name of ['better-sqlite3', 'onnxruntime-node', 'ws', 'zod', '@orpc/server']) expect(manifest.dependencies).toHaveProperty([name])
    for (const name of ['vue', 'reka-ui', 'electron', 'vite', '@orpc/client']) expect(manifest.devDependencies).toHaveProperty([name])
  })
})

describe('the desktop build', () => {
  it('holds every script of a process or a thread, and nothing finds one in another way', () => {
    const sources = join(root, 'src-main')
    const files = readdirSync(sources, { recursive: true, withFileTypes: true }).filter((e) => e.isFile() && e.name.endsWith('.ts'))
    const config = readFileSync(join(root, 'electron.vite.config.ts'), 'utf8')
    let found = 0
    for (const { parentPath, name } of files) {
      const text = readFileSync(join(parentPath, name), 'utf8')
      expect(text, `${name}: scripts are found by besideModule`).not.toMatch(/new URL\([^)]*\.ts['"`]/)
      for (const [, script] of text.matchAll(/besideModule\('([^']+)'/g)) {
        const entry = relative(sources, join(parentPath, script!)).replaceAll('\\', '/')
        expect(existsSync(join(sources, `${entry}.ts`)), entry).toBe(true)
        expect(config, `${entry} in electron.vite.config.ts`).toContain(`'${entry}'`)
        found++
      }
    }
    expect(found).toBeGreaterThan(3)
  })
})

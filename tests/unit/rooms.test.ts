import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkRooms, readSources, type RoomTable } from '../../tools/rooms.ts'

const project = join(import.meta.dirname, '..', '..')
const table = JSON.parse(readFileSync(join(project, 'tools', 'rooms.json'), 'utf8')) as RoomTable
const check = (path: string, text: string) => checkRooms(table, [{ path, text }])

describe('rooms', () => {
  it('every import in the sources is allowed', () => {
    for (const part of ['src-main', ...Object.keys(table.parts)]) {
      const sources = readSources(project, part)
      expect(sources.length, part).toBeGreaterThan(0)
      expect(checkRooms(table, sources)).toEqual([])
    }
  })

  it('the table itself points one way: no room imports a room listed below it', () => {
    const order = Object.keys(table.rooms)
    for (const [room, allowed] of Object.entries(table.rooms))
      for (const other of allowed) expect(order.indexOf(other), `${room} → ${other}`).toBeLessThan(order.indexOf(room))
  })

  it.each([
    ['a room below', 'src-main/kit/a.ts', `import { x } from '../audio/index.ts'`, 'bad layering'],
    ['a deep path', 'src-main/audio/a.ts', `import { x } from '../kit/result.ts'`, 'by its index.ts'],
    ['a vendor elsewhere', 'src-main/training/a.ts', `import ort from 'onnxruntime-node'`, 'lives in [runtime]'],
    ['a dynamic import', 'src-main/kit/a.ts', `const x = await import('better-sqlite3')`, 'lives in [catalog]'],
    ['an export from', 'src-main/nn/a.ts', `export * from '../features/index.ts'`, 'bad layering'],
    ['files in a pure room', 'src-main/nn/a.ts', `import { readFileSync } from 'node:fs'`, 'is pure'],
    ['randomness in a pure room', 'src-main/augment/a.ts', `const x = Math.random()`, 'is pure'],
    ['a room that nobody knows', 'src-main/attic/a.ts', ``, 'unknown room'],
    ['the renderer', 'src-main/app/a.ts', `import x from '../../src-renderer/a.ts'`, 'outside src-main'],
    ['the contract from a room that has no door', 'src-main/nn/a.ts', `import x from '../../src-contract/index.ts'`, 'outside src-main'],
    ['the contract by a deep path', 'src-main/rpc/a.ts', `import x from '../../src-contract/clips.ts'`, 'by its index.ts'],
    ['the app in the contract', 'src-contract/a.ts', `import x from '../src-main/kit/index.ts'`, 'src-contract may import []'],
    ['Node in the contract', 'src-contract/a.ts', `import x from 'node:fs'`, 'not node:fs'],
    ['the app in the renderer', 'src-renderer/a.vue', `import x from '../src-main/kit/index.ts'`, 'may import [src-contract]'],
    ['Electron in the renderer', 'src-renderer/a.ts', `import { ipcRenderer } from 'electron'`, 'not electron'],
    ['a server package in the renderer', 'src-renderer/views/a.vue', `import x from '@orpc/server'`, 'not @orpc/server'],
    ['the renderer in the preload', 'src-preload/a.ts', `import x from '../src-renderer/a.ts'`, 'may import [src-contract]'],
    ['Electron in another door', 'src-main/app/serve.ts', `import { app } from 'electron'`, 'lives in [app/desktop]'],
    ['a socket outside rpc', 'src-main/app/a.ts', `import { WebSocketServer } from 'ws'`, 'lives in [rpc]'],
  ])('reports %s', (_, path, text, message) => {
    expect(check(path, text).join('\n')).toContain(message)
  })

  it.each([
    ['Electron in its door', 'src-main/app/desktop.ts', `import { app } from 'electron'`],
    ['Electron in its door\'s folder', 'src-main/app/desktop/window.ts', `import { app } from 'electron'`],
    ['the contract in rpc', 'src-main/rpc/a.ts', `import { contract } from '../../src-contract/index.ts'`],
    ['the contract in the renderer', 'src-renderer/views/a.vue', `import type { Clip } from '@contract'`],
    ['a neighbour in the renderer', 'src-renderer/views/a.vue', `import { x } from '@/stores/a.ts'`],
  ])('allows %s', (_, path, text) => {
    expect(check(path, text)).toEqual([])
  })
})

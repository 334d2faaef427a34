import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkRooms, readSources, type RoomTable } from '../../tools/rooms.ts'

const project = join(import.meta.dirname, '..', '..')
const table = JSON.parse(readFileSync(join(project, 'tools', 'rooms.json'), 'utf8')) as RoomTable
const check = (path: string, text: string) => checkRooms(table, [{ path, text }])

describe('rooms', () => {
  it('every import in the sources is allowed', () => {
    const sources = readSources(project, 'src-main')
    expect(sources.length).toBeGreaterThan(5)
    expect(checkRooms(table, sources)).toEqual([])
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
  ])('reports %s', (_, path, text, message) => {
    expect(check(path, text).join('\n')).toContain(message)
  })
})

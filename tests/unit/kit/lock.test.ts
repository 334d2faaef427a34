import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, uptime } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeLock } from '../../../src-main/kit/index.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const path = () => join(folder, 'a.lock')

describe('a lock', () => {
  it('is held by one until it is released', () => {
    const first = takeLock(path())
    expect(first).not.toBeNull()
    expect(takeLock(path())).toBeNull()
    first!.release()
    expect(readdirSync(folder)).toEqual([])
    expect(takeLock(path())).not.toBeNull()
  })

  it('is taken over from the dead, from damage, and from before the machine was started', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    const beforeStart = Date.now() - uptime() * 1000 - 3_600_000
    for (const left of [{ pid: dead, token: 'x', at: Date.now() }, { pid: process.pid, token: 'x', at: beforeStart }, null]) {
      writeFileSync(path(), left ? JSON.stringify(left) : '{"pid":')
      const lock = takeLock(path())
      expect(lock, JSON.stringify(left)).not.toBeNull()
      lock!.release()
      expect(readdirSync(folder)).toEqual([])
    }
  })

  it('that another holds by now is not removed by its former holder', () => {
    const first = takeLock(path())!
    writeFileSync(path(), JSON.stringify({ pid: process.pid, token: 'other', at: Date.now() }))
    first.release()
    expect(existsSync(path())).toBe(true)
  })

  it('says what the system says', () => {
    expect(() => takeLock(join(folder, 'missing', 'a.lock'))).toThrow('ENOENT')
  })
})

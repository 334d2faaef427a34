/** Whatever happens to a feature cache, a record is right or missing, never wrong. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFeatureCache, type FeatureCache } from '../../../src-main/features/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { entry } from './entries.ts'

const HASH = 'c0'.repeat(32)
const VALUES = 24
const RECORD = 40 + 4 * VALUES
let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'espectro-cache-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const path = () => join(folder, `${HASH}.features`)
const openCache = async (values = VALUES) => unwrap(await openFeatureCache(folder, HASH, values))
const entries = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => entry(from + i, VALUES))

/** Which of the clips 0 … count − 1 are held; fails where one is held wrongly. */
function held(cache: FeatureCache, count: number): number[] {
  return Array.from({ length: count }, (_, n) => n).filter((n) => {
    const found = cache.get(entry(n, VALUES).key)
    if (found !== undefined) expect(found).toEqual(entry(n, VALUES).values)
    return found !== undefined
  })
}

async function fill(count: number): Promise<void> {
  await using cache = await openCache()
  unwrap(await cache.append(entries(0, count)))
}

describe('a feature cache', () => {
  it('gives back what was kept, after reopening too', async () => {
    await using cache = await openCache()
    expect(cache.writable).toBe(true)
    unwrap(await cache.append(entries(0, 5)))
    unwrap(await cache.append(entries(3, 8)))
    expect(held(cache, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    await cache.close()
    expect(statSync(path()).size).toBe(64 + 8 * RECORD)
    await using again = await openCache()
    expect([again.size, held(again, 10)]).toEqual([8, [0, 1, 2, 3, 4, 5, 6, 7]])
    expect(again.has(entry(7, VALUES).key)).toBe(true)
    expect(again.has(entry(8, VALUES).key)).toBe(false)
  })

  it('has one writer; others read and keep nothing', async () => {
    await using first = await openCache()
    unwrap(await first.append(entries(0, 3)))
    await using second = await openCache()
    expect([first.writable, second.writable]).toEqual([true, false])
    unwrap(await second.append(entries(3, 6)))
    unwrap(await first.append(entries(6, 7)))
    expect(held(second, 10)).toEqual([0, 1, 2])
    expect(held(first, 10)).toEqual([0, 1, 2, 6])
    await first.close()
    await second.close()
    await using third = await openCache()
    expect(third.writable).toBe(true)
    expect(readdirSync(folder).sort()).toEqual([`${HASH}.features`, `${HASH}.features.lock`])
  })

  it('takes over from a dead process and from a lock that was never finished', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    for (const left of [JSON.stringify({ pid: dead, token: 'x' }), '', '{"pid":', 'null']) {
      writeFileSync(`${path()}.lock`, left)
      await using cache = await openCache()
      expect(cache.writable, left).toBe(true)
    }
    expect(existsSync(`${path()}.lock`)).toBe(false)
  })

  it('begins anew where the file is not its own', async () => {
    await fill(3)
    const right = readFileSync(path())
    const other = Buffer.from(right)
    other[9]! ^= 1
    for (const bytes of [Buffer.from('text'), Buffer.alloc(500), other, right.subarray(0, 63)]) {
      writeFileSync(path(), bytes)
      await using cache = await openCache()
      expect(held(cache, 3)).toEqual([])
      unwrap(await cache.append(entries(0, 2)))
      expect(held(cache, 3)).toEqual([0, 1])
    }
    await using wider = await openCache(VALUES + 1)
    expect(wider.size).toBe(0)
  })
})

describe('after a crash or damage', () => {
  it('cut at any length: whole records stay, the torn one goes, appending works', async () => {
    await fill(4)
    const whole = readFileSync(path())
    for (let length = 0; length <= whole.length; length += length % 7 === 0 ? 3 : 5) {
      writeFileSync(path(), whole.subarray(0, length))
      const left = length < 64 ? 0 : Math.floor((length - 64) / RECORD)
      await using cache = await openCache()
      expect(held(cache, 4)).toEqual([0, 1, 2, 3].slice(0, left))
      unwrap(await cache.append(entries(0, 4)))
      expect(held(cache, 4)).toEqual([0, 1, 2, 3])
      await cache.close()
      expect(readFileSync(path())).toEqual(whole)
    }
  })

  it('any flipped bit costs at most its own record, which is computed again', async () => {
    await fill(4)
    const whole = readFileSync(path())
    const random = createRandom('bits')
    for (let n = 0; n < 300; n++) {
      const at = 64 + random.int(whole.length - 64)
      const bytes = Buffer.from(whole)
      bytes[at]! ^= 1 << random.int(8)
      writeFileSync(path(), bytes)
      const hit = Math.floor((at - 64) / RECORD)
      await using cache = await openCache()
      expect(held(cache, 4)).toEqual([0, 1, 2, 3].filter((k) => k !== hit))
      unwrap(await cache.append(entries(0, 4)))
      expect(held(cache, 4)).toEqual([0, 1, 2, 3])
      await cache.close()
      if (n > 20) continue
      await using again = await openCache()
      expect(held(again, 4)).toEqual([0, 1, 2, 3])
    }
  })

  it('a tail of zeros, as a power cut leaves it, holds nothing', async () => {
    await fill(2)
    writeFileSync(path(), Buffer.concat([readFileSync(path()), Buffer.alloc(3 * RECORD + 11)]))
    await using cache = await openCache()
    expect(held(cache, 4)).toEqual([0, 1])
    unwrap(await cache.append(entries(2, 4)))
    expect(held(cache, 4)).toEqual([0, 1, 2, 3])
  })

  it('damage under an open cache is seen by the checksum', async () => {
    await fill(2)
    await using cache = await openCache()
    const bytes = readFileSync(path())
    bytes[64 + 60]! ^= 4
    writeFileSync(path(), bytes)
    expect(held(cache, 2)).toEqual([1])
    writeFileSync(path(), bytes.subarray(0, 64))
    expect(held(cache, 2)).toEqual([])
  })
})

describe('killed or refused while writing', () => {
  const child = (failPoint: string) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'append-child.ts'), folder, HASH, String(VALUES), '3', '5'], {
      env: { ...process.env, ESPECTRO_FAIL_POINT: failPoint },
      encoding: 'utf8',
    })

  it.each(['features.append', 'features.half', 'features.sync'].flatMap((point) => [1, 2, 3].map((at) => [point, at] as const)))(
    'killed at %s, time %i: what was appended before is there',
    async (point, at) => {
      const died = child(`${point}:${at}`)
      expect(died.signal).toBe('SIGKILL')
      expect(died.stdout.trim().split('\n').filter(Boolean).length).toBe(at - 1)
      expect(existsSync(`${path()}.lock`)).toBe(true)
      await using cache = await openCache()
      expect(cache.writable).toBe(true)
      const there = held(cache, 15)
      expect(there.slice(0, 5 * (at - 1))).toEqual(Array.from({ length: 5 * (at - 1) }, (_, n) => n))
      unwrap(await cache.append(entries(0, 15)))
      expect(held(cache, 15).length).toBe(15)
      await cache.close()
      expect((statSync(path()).size - 64) % RECORD).toBe(0)
    },
  )

  it.each(['features.append', 'features.half', 'features.sync'])('a full disk at %s: an error, and nothing of that batch', async (point) => {
    const refused = child(`${point}:2:ENOSPC`)
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('The disk is full')
    copyFileSync(path(), `${path()}.copy`)
    expect(statSync(path()).size).toBe(64 + 5 * RECORD)
    await using cache = await openCache()
    expect(held(cache, 15)).toEqual([0, 1, 2, 3, 4])
  })

  it('a folder that cannot be made is an error with the path', async () => {
    writeFileSync(join(folder, 'file'), '')
    const result = await openFeatureCache(join(folder, 'file'), HASH, VALUES)
    expect(result.ok).toBe(false)
    if (!result.ok) expect(result.error.file).toContain(HASH)
  })
})

import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listBackups, openLibrary, restoreNewestBackup, verifyCatalogFile } from '../../src-main/catalog/index.ts'
import { datasetStats, listClips, listDatasets, setReview } from '../../src-main/curation/index.ts'
import { AppError, unwrap } from '../../src-main/kit/index.ts'
import { addClips, temporaryLibrary, type TemporaryLibrary } from '../support/library.ts'

const PAGE = 4096
let t: TemporaryLibrary
let file: string

beforeEach(() => {
  t = temporaryLibrary()
  addClips(t.library, 'd', Array.from({ length: 200 }, (_, i) => ({ label: `label ${i % 7}`, speaker: `speaker ${i % 11}` })))
  unwrap(t.library.backUp())
  t.library.close()
  file = join(t.root, 'catalog.sqlite')
})
afterEach(() => t[Symbol.dispose]())

/** Opens and reads everything; whatever is wrong must be said by a code. */
function tryEverything(): string {
  const opened = openLibrary(t.root, { backupAgeMs: Infinity })
  if (!opened.ok) return opened.error.code
  using library = opened.value
  try {
    for (const { name } of listDatasets(library)) {
      const clips = unwrap(listClips(library, name))
      unwrap(datasetStats(library, name))
      unwrap(setReview(library, name, clips.slice(0, 3).map((c) => c.id), 'accepted'))
    }
    return 'ok'
  } catch (problem) {
    if (problem instanceof AppError) return problem.code
    throw problem
  }
}

function flip(path: string, at: number, length: number): void {
  const bytes = readFileSync(path)
  for (let i = at; i < Math.min(bytes.length, at + length); i++) bytes[i] = bytes[i]! ^ 0xff
  writeFileSync(path, bytes)
}

describe('a damaged catalog', () => {
  it('never crashes, whichever page is damaged, and most damage is found on opening', () => {
    const sound = readFileSync(file)
    const outcomes: Record<string, number> = {}
    for (let page = 0; page < sound.length / PAGE; page++)
      for (const [at, length] of [[0, 16], [PAGE / 2, 64], [PAGE - 200, 200]] as const) {
        writeFileSync(file, sound)
        rmSync(`${file}-wal`, { force: true })
        flip(file, page * PAGE + at, length)
        const outcome = tryEverything()
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
        expect(existsSync(file)).toBe(true)
      }
    // Free space inside a page is damage that harms nobody; flipped bytes inside a text cannot be known.
    for (const outcome of Object.keys(outcomes)) expect(['ok', 'CATALOG_CORRUPT', 'CATALOG_NEWER', 'INVALID']).toContain(outcome)
    expect(outcomes['CATALOG_CORRUPT']).toBeGreaterThan(sound.length / PAGE / 2)
  })

  it('is left as it is; the newest backup is offered, and restoring sets the damaged one aside with its WAL', () => {
    flip(file, 0, 50)
    const damaged = readFileSync(file)
    writeFileSync(`${file}-wal`, 'a WAL that belongs to the damaged file')
    const result = openLibrary(t.root)
    expect(result).toMatchObject({ ok: false, error: { code: 'CATALOG_CORRUPT', hint: expect.stringContaining('backup of 20') } })
    expect(readFileSync(file).equals(damaged)).toBe(true)

    const { setAside } = unwrap(restoreNewestBackup(t.root))
    expect(readFileSync(join(setAside, 'catalog.sqlite')).equals(damaged)).toBe(true)
    expect(readFileSync(join(setAside, 'catalog.sqlite-wal'), 'utf8')).toContain('a WAL')
    using library = unwrap(openLibrary(t.root))
    expect(unwrap(listClips(library, 'd'))).toHaveLength(200)
  })

  it('found by its pages keeps the changes that are still in the WAL', () => {
    const library = t.reopen({ backupAgeMs: Infinity })
    addClips(library, 'in the WAL', [{}])
    const [main, wal] = [readFileSync(file), readFileSync(`${file}-wal`)]
    library.close()
    writeFileSync(file, main)
    for (let page = 1; page < main.length / PAGE; page++) flip(file, page * PAGE, 16)
    writeFileSync(`${file}-wal`, wal)
    const damaged = readFileSync(file)
    expect(openLibrary(t.root)).toMatchObject({ ok: false, error: { code: 'CATALOG_CORRUPT' } })
    expect(readFileSync(file).equals(damaged)).toBe(true)
    expect(readFileSync(`${file}-wal`).equals(wal)).toBe(true)
  })

  it('that is missing or empty while there are backups is not silently replaced by a new one', () => {
    rmSync(file)
    expect(openLibrary(t.root)).toMatchObject({ ok: false, error: { code: 'CATALOG_CORRUPT' } })
    expect(existsSync(file)).toBe(false)
    writeFileSync(file, '')
    expect(openLibrary(t.root)).toMatchObject({ ok: false, error: { code: 'CATALOG_CORRUPT' } })
    unwrap(restoreNewestBackup(t.root))
    expect(tryEverything()).toBe('ok')
  })

  it('is restored from an older backup where the newest is damaged too', async () => {
    await new Promise((resolve) => setTimeout(resolve, 2)) // names count milliseconds
    const library = t.reopen({ backupAgeMs: Infinity })
    addClips(library, 'later', [{}])
    const newest = unwrap(library.backUp()).path
    library.close()
    flip(newest, PAGE, PAGE)
    expect(verifyCatalogFile(newest)).not.toBeNull()
    flip(file, 0, 100)
    const { backup } = unwrap(restoreNewestBackup(t.root))
    expect(backup.path).not.toBe(newest)
    using restored = unwrap(openLibrary(t.root, { backupAgeMs: Infinity }))
    expect(listDatasets(restored).map((d) => d.name)).toEqual(['d'])
  })

  it('without any backup says so, and restoring changes nothing', () => {
    for (const backup of listBackups(join(t.root, 'backups'))) rmSync(backup.path)
    flip(file, 0, 100)
    const damaged = readFileSync(file)
    expect(openLibrary(t.root)).toMatchObject({ ok: false, error: { code: 'CATALOG_CORRUPT', hint: expect.stringContaining('no sound backup') } })
    expect(restoreNewestBackup(t.root)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(readFileSync(file).equals(damaged)).toBe(true)
  })

  it('cut short is CATALOG_CORRUPT', () => {
    const sound = readFileSync(file)
    for (const length of [50, 100, PAGE, PAGE * 3 + 17, sound.length - PAGE]) {
      writeFileSync(file, sound.subarray(0, length))
      rmSync(`${file}-wal`, { force: true })
      expect(tryEverything(), `${length} bytes`).toBe('CATALOG_CORRUPT')
    }
  })

  it('with a WAL of another time is sound or refused, never half one and half the other', () => {
    const library = t.reopen({ backupAgeMs: Infinity })
    addClips(library, 'early', [{}, {}])
    const stale = join(t.folder, 'stale-wal')
    copyFileSync(`${file}-wal`, stale)
    library.close()
    const later = t.reopen({ backupAgeMs: Infinity })
    addClips(later, 'later', Array.from({ length: 300 }, (_, i) => ({ label: `${i}` })))
    later.close()
    copyFileSync(stale, `${file}-wal`)
    const outcome = tryEverything()
    expect(['ok', 'CATALOG_CORRUPT']).toContain(outcome)
    if (outcome === 'ok') expect(verifyCatalogFile(file)).toBeNull()
  })
})

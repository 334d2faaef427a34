import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import {
  checkLibrary, ensureDataset, findDataset, KEPT_BACKUPS, listBackups, listDatasets, openLibrary, SCHEMA_VERSION, verifyCatalogFile,
} from '../../src-main/catalog/index.ts'
import { migrations } from '../../src-main/catalog/migrations/index.ts'
import { AppError, fail, ok, unwrap } from '../../src-main/kit/index.ts'
import { addClips, temporaryLibrary, type TemporaryLibrary } from '../support/library.ts'

const addDataset = (t: TemporaryLibrary, name: string) => unwrap(t.library.catalog.transact('add', (c) => ensureDataset(c, name)))

describe('opening a library', () => {
  it('makes the folders, and a catalog that says whose it is', () => {
    using t = temporaryLibrary()
    expect(readdirSync(t.root).filter((n) => !n.startsWith('catalog')).toSorted()).toEqual(['backups', 'bin', 'cache', 'features', 'inbox', 'media', 'models', 'runs'])
    const pragma = (name: string) => t.library.catalog.get<Record<string, unknown>>(`PRAGMA ${name}`)
    expect(pragma('journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(pragma('foreign_keys')).toEqual({ foreign_keys: 1 })
    expect(pragma('synchronous')).toEqual({ synchronous: 2 })
    expect(pragma('user_version')).toEqual({ user_version: SCHEMA_VERSION })
    expect(pragma('application_id')).toEqual({ application_id: 0x45535043 })
    const strict = t.library.catalog.all<{ strict: number }>(`SELECT strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%'`)
    expect(strict.length).toBeGreaterThan(8)
    expect(strict.every((row) => row.strict === 1)).toBe(true)
  })

  it('does not make one where that was not wanted', () => {
    using t = temporaryLibrary()
    expect(openLibrary(join(t.folder, 'none'), { create: false })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(existsSync(join(t.folder, 'none'))).toBe(false)
  })

  it('refuses another program’s database, and a newer schema, and changes neither', () => {
    using t = temporaryLibrary()
    t.library.close()
    const file = join(t.root, 'catalog.sqlite')
    const foreign = join(t.folder, 'foreign')
    unwrap(openLibrary(foreign)).close()
    const other = new Database(join(foreign, 'catalog.sqlite'))
    other.pragma('application_id = 7')
    other.close()
    expect(openLibrary(foreign)).toMatchObject({ ok: false, error: { code: 'INVALID' } })

    const db = new Database(file)
    db.pragma(`user_version = ${SCHEMA_VERSION + 1}`)
    db.close()
    const before = readFileSync(file)
    const result = openLibrary(t.root)
    expect(result).toMatchObject({ ok: false, error: { code: 'CATALOG_NEWER', hint: expect.stringContaining('newer Espectro') } })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('lets two processes read, and write in turn', () => {
    using t = temporaryLibrary()
    using other = unwrap(openLibrary(t.root))
    addDataset(t, 'one')
    unwrap(other.catalog.transact('add', (c) => ensureDataset(c, 'two')))
    expect(listDatasets(t.library.catalog).map((d) => d.name)).toEqual(['one', 'two'])
    expect(listDatasets(other.catalog)).toEqual(listDatasets(t.library.catalog))
  })

  it('says LIBRARY_BUSY where another holds the lock too long', () => {
    using t = temporaryLibrary()
    const db = new Database(join(t.root, 'catalog.sqlite'))
    db.exec('BEGIN IMMEDIATE')
    t.library.catalog.get('PRAGMA busy_timeout = 20')
    expect(t.library.catalog.transact('add', (c) => ensureDataset(c, 'x'))).toMatchObject({ ok: false, error: { code: 'LIBRARY_BUSY' } })
    db.exec('ROLLBACK')
    db.close()
    addDataset(t, 'x')
  })
})

describe('transactions', () => {
  it('are all or nothing: an error, an AppError thrown and a bug thrown leave no trace', () => {
    using t = temporaryLibrary()
    const { catalog } = t.library
    const first = catalog.transact('a', (c) => {
      unwrap(ensureDataset(c, 'x'))
      return fail('INVALID', 'no')
    })
    expect(first).toMatchObject({ ok: false, error: { message: 'no' } })
    const second = catalog.transact('b', (c) => {
      unwrap(ensureDataset(c, 'x'))
      throw new AppError('IO', 'thrown')
    })
    expect(second).toMatchObject({ ok: false, error: { message: 'thrown' } })
    expect(() =>
      catalog.transact('c', (c) => {
        unwrap(ensureDataset(c, 'x'))
        throw new TypeError('a bug')
      }),
    ).toThrow(TypeError)
    expect(listDatasets(catalog)).toEqual([])
    expect(catalog.undo()).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it('hold the rules of the schema', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', [{ label: 'x' }])
    addClips(t.library, 'e', [{ label: 'y' }])
    const attempt = (sql: string) => () => t.library.catalog.transact('break', (c) => ok(c.run(sql)))
    const foreignLabel = `(SELECT id FROM labels WHERE name = 'y')`
    expect(attempt(`UPDATE clips SET label_id = ${foreignLabel} WHERE label_id <> ${foreignLabel}`)).toThrow(/FOREIGN KEY/)
    expect(attempt(`UPDATE clips SET end_sample = start_sample`)).toThrow(/CHECK/)
    expect(attempt(`UPDATE clips SET split = 'both'`)).toThrow(/CHECK/)
    expect(attempt(`UPDATE clips SET start_sample = 'x'`)).toThrow(/cannot store TEXT/)
    expect(attempt(`UPDATE recordings SET extension = '../x'`)).toThrow(/CHECK/)
    expect(attempt('DELETE FROM labels')).toThrow(/FOREIGN KEY/)
  })
})

describe('migrations', () => {
  const next = { version: SCHEMA_VERSION + 1, name: 'mood', sql: `ALTER TABLE datasets ADD COLUMN mood TEXT` }

  it('back the library up, then change it; an older program refuses it afterwards', () => {
    using t = temporaryLibrary()
    addDataset(t, 'kept')
    const library = t.reopen({ migrations: [...migrations, next], backupAgeMs: Infinity })
    expect(library.catalog.all('SELECT name, mood FROM datasets')).toEqual([{ name: 'kept', mood: null }])
    const backups = listBackups(library.folder.backups)
    expect(backups.map((b) => b.path)).toEqual([expect.stringMatching(new RegExp(`before-v${SCHEMA_VERSION + 1}\\.sqlite$`))])
    expect(verifyCatalogFile(backups[0]!.path)).toBeNull()
    library.close()
    expect(openLibrary(t.root)).toMatchObject({ ok: false, error: { code: 'CATALOG_NEWER' } })
  })

  it('roll back a step that fails', () => {
    using t = temporaryLibrary()
    addDataset(t, 'kept')
    t.library.close()
    const failing = { ...next, sql: `${next.sql}; INSERT INTO nowhere VALUES (1)` }
    expect(openLibrary(t.root, { migrations: [...migrations, failing] })).toMatchObject({ ok: false, error: { code: 'IO' } })
    const library = t.reopen()
    expect(listDatasets(library.catalog).map((d) => d.name)).toEqual(['kept'])
  })
})

describe('backups', () => {
  it('are whole, and the oldest go', async () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', Array.from({ length: 50 }, (_, i) => ({ label: `${i % 5}` })))
    const made: string[] = []
    for (let i = 0; i < KEPT_BACKUPS + 2; i++) {
      made.push(unwrap(t.library.backUp()).path)
      await new Promise((resolve) => setTimeout(resolve, 2)) // names count milliseconds
    }
    expect(listBackups(t.library.folder.backups).map((b) => b.path)).toEqual(made.slice(-KEPT_BACKUPS).toReversed())
    const copy = new Database(made.at(-1)!, { readonly: true })
    expect(copy.prepare('SELECT count(*) FROM clips').pluck().get()).toBe(50)
    copy.close()
  })

  it('are made on opening once they are old', () => {
    using t = temporaryLibrary()
    expect(listBackups(t.library.folder.backups)).toHaveLength(0)
    t.reopen()
    expect(listBackups(t.library.folder.backups)).toHaveLength(1)
    t.reopen()
    expect(listBackups(t.library.folder.backups)).toHaveLength(1)
  })
})

describe('checkLibrary', () => {
  it('finds nothing in a fresh library, and says what a file manager did to one', async () => {
    using t = temporaryLibrary()
    expect(unwrap(await checkLibrary(t.library)).problems).toEqual([])
    addClips(t.library, 'd', [{}])
    const stray = join(t.library.folder.media, `${'f'.repeat(64)}.wav`)
    writeFileSync(stray, 'sound')
    writeFileSync(join(t.root, 'runs', 'x.json.0123.espectro-tmp'), 'half')
    writeFileSync(join(t.root, 'backups', 'catalog-20200101T000000000Z.sqlite'), 'not a database')
    const codes = async (options: Parameters<typeof checkLibrary>[1]) =>
      unwrap(await checkLibrary(t.library, options)).problems.map((p) => [p.code, p.repaired]).toSorted()
    expect(await codes({})).toEqual([['BACKUP_UNSOUND', false], ['MEDIA_BROKEN', false]])
    expect(await codes({ minimumAgeMs: 0 })).toEqual([['BACKUP_UNSOUND', false], ['MEDIA_BROKEN', false], ['ORPHAN', false], ['TEMPORARY_FILE', false]])
    expect(await codes({ minimumAgeMs: 0, sweep: true })).toEqual([['BACKUP_UNSOUND', false], ['MEDIA_BROKEN', false], ['ORPHAN', true], ['TEMPORARY_FILE', true]])
    expect(await codes({ minimumAgeMs: 0 })).toEqual([['BACKUP_UNSOUND', false], ['MEDIA_BROKEN', false]])
    expect(readFileSync(join(t.library.folder.bin, `${'f'.repeat(64)}.wav`), 'utf8')).toBe('sound')
    expect(findDataset(t.library.catalog, 'e')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND', hint: 'There are: d.' } })
  })
})

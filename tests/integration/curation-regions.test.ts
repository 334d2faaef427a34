import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { insertDatasetRows, listClipRows, listHistory, openLibrary, readDatasetRows, type Clip, type Library } from '../../src-main/catalog/index.ts'
import { migrations } from '../../src-main/catalog/migrations/index.ts'
import {
  binClips, createRegions, decideClip, duplicateDataset, listClips, lockTest, mergeRegions, placeRegion, redo, setLabel, setSoundEdits, setSplit, splitDataset, splitRegion, takeBackDecision, undo,
} from '../../src-main/curation/index.ts'
import { createRandom, hashBytes, unwrap, type Random, type Result } from '../../src-main/kit/index.ts'
import { addClips, temporaryLibrary } from '../support/library.ts'

/** A recording of 80,000 samples at 8 kHz with the clips [0, 8000) and [8000, 16000). */
const RECORDING = hashBytes('words 0')
function library(t: ReturnType<typeof temporaryLibrary>): Library {
  addClips(t.library, 'words', [{ label: 'no', speaker: 'ana', source: 'long.wav', recording: 0 }, { label: 'yes', speaker: 'ana', source: 'long.wav', recording: 0 }])
  return t.library
}
const regions = (l: Library): Clip[] => unwrap(listClips(l, 'words')).toSorted((a, b) => a.startSample - b.startSample || a.endSample - b.endSample)
const spans = (l: Library) => regions(l).map((c) => [c.startSample, c.endSample, c.label])
const rows = ({ catalog }: Library) => catalog.all('SELECT * FROM clips ORDER BY id')
const create = (l: Library, start: number, end: number, label: string | null = null) => createRegions(l, 'words', { recording: RECORDING, spans: [{ start, end }], label })

describe('regions of a recording', () => {
  it('overlap as they like, but no two lie at exactly one place', () => {
    using t = temporaryLibrary()
    const l = library(t)
    unwrap(create(l, 4000, 12_000, 'no'))
    unwrap(create(l, 4000, 12_001, 'yes'))
    expect(spans(l)).toEqual([[0, 8000, 'no'], [4000, 12_000, 'no'], [4000, 12_001, 'yes'], [8000, 16_000, 'yes']])
    const before = rows(l)
    expect(create(l, 4000, 12_000, 'yes')).toMatchObject({
      ok: false, error: { code: 'ALREADY_EXISTS', message: 'There is already a region at exactly this place, labelled "no"' },
    })
    const clip = regions(l)[0]!
    expect(placeRegion(l, 'words', clip.id, { start: 8000, end: 16_000 })).toMatchObject({ ok: false, error: { code: 'ALREADY_EXISTS' } })
    expect(rows(l)).toEqual(before)
    // The place where it already is, is free for itself.
    unwrap(placeRegion(l, 'words', clip.id, { start: 0, end: 8000 }))
    expect(rows(l)).toEqual(before)
  })

  it.each([[-1, 10], [10, 10], [20, 10], [0, 80_001], [0.5, 10]])('are refused outside the recording: [%d, %d)', (start, end) => {
    using t = temporaryLibrary()
    const l = library(t)
    const before = rows(l)
    expect(create(l, start, end)).toMatchObject({ ok: false, error: { code: 'INVALID', message: expect.stringContaining('is not inside the recording') } })
    expect(placeRegion(l, 'words', regions(l)[0]!.id, { start, end }).ok).toBe(false)
    expect(rows(l)).toEqual(before)
  })

  it('take speaker, source and side over from the recording where its clips agree', () => {
    using t = temporaryLibrary()
    const l = library(t)
    unwrap(splitDataset(l, 'words', { group: 'none', seed: 1 }))
    const side = regions(l)[0]!.split
    const [id] = unwrap(create(l, 100, 200))
    expect(regions(l).find((c) => c.id === id)).toMatchObject({ speaker: 'ana', source: 'long.wav', split: side, review: 'new', label: null, band: null, edits: [] })
  })

  it('moved, resized and boxed keep their length in seconds true, and one gesture is one undo', () => {
    using t = temporaryLibrary()
    const l = library(t)
    const before = rows(l)
    const { id } = regions(l)[0]!
    for (let i = 1; i <= 5; i++) unwrap(placeRegion(l, 'words', id, { start: 20_000 + i, end: 24_000 + i, band: { low: 100, high: 3000 + i } }, 'drag 1'))
    expect(regions(l).find((c) => c.id === id)).toMatchObject({ startSample: 20_005, endSample: 24_005, seconds: 0.5, band: { low: 100, high: 3005 } })
    unwrap(placeRegion(l, 'words', id, { start: 30_000, end: 34_000 }, 'drag 2'))
    expect(regions(l).find((c) => c.id === id)!.band).toEqual({ low: 100, high: 3005 })
    t.reopen()
    expect(unwrap(undo(t.library))).toBe('move region')
    expect(regions(t.library).find((c) => c.id === id)).toMatchObject({ startSample: 20_005 })
    unwrap(undo(t.library))
    expect(rows(t.library)).toEqual(before)
    unwrap(redo(t.library))
    unwrap(redo(t.library))
    expect(regions(t.library).find((c) => c.id === id)).toMatchObject({ startSample: 30_000, band: { low: 100, high: 3005 } })
    expect(placeRegion(t.library, 'words', id, { start: 0, end: 10, band: { low: 100, high: 4001 } })).toMatchObject({ ok: false, error: { message: expect.stringContaining('0 to 4000 Hz') } })
    unwrap(placeRegion(t.library, 'words', id, { start: 0, end: 10, band: null }))
    expect(regions(t.library).find((c) => c.id === id)!.band).toBeNull()
  })

  it('split at a sample, each part with its own fade, and merge again', () => {
    using t = temporaryLibrary()
    const l = library(t)
    const { id } = regions(l)[0]!
    unwrap(setSoundEdits(l, 'words', [id], [{ kind: 'gain', db: 3 }, { kind: 'fade-in', ms: 5, curve: 'linear' }, { kind: 'fade-out', ms: 9, curve: 'linear' }]))
    const before = rows(l)
    expect(splitRegion(l, 'words', id, 0).ok).toBe(false)
    expect(splitRegion(l, 'words', id, 8000).ok).toBe(false)
    const [first, second] = unwrap(splitRegion(l, 'words', id, 3000))
    expect(first).toBe(id)
    const part = (wanted: number) => regions(l).find((c) => c.id === wanted)!
    expect(part(first)).toMatchObject({ startSample: 0, endSample: 3000, label: 'no', seconds: 0.375 })
    expect(part(first).edits.map((e) => e.kind)).toEqual(['gain', 'fade-in'])
    expect(part(second)).toMatchObject({ startSample: 3000, endSample: 8000, label: 'no', speaker: 'ana', source: 'long.wav' })
    expect(part(second).edits.map((e) => e.kind)).toEqual(['gain', 'fade-out'])
    expect(unwrap(mergeRegions(l, 'words', [second, first]))).toBe(first)
    expect(spans(l)).toEqual([[0, 8000, 'no'], [8000, 16_000, 'yes']])
    unwrap(undo(l))
    unwrap(undo(l))
    expect(rows(l)).toEqual(before)
    expect(mergeRegions(l, 'words', [first]).ok).toBe(false)
    expect(mergeRegions(l, 'words', [first, 4242])).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it('merge over what lies at the whole span only when it is among them', () => {
    using t = temporaryLibrary()
    const l = library(t)
    const [all] = unwrap(create(l, 0, 16_000, 'yes'))
    const ids = regions(l).map((c) => c.id)
    expect(mergeRegions(l, 'words', ids.filter((id) => id !== all))).toMatchObject({ ok: false, error: { code: 'ALREADY_EXISTS' } })
    unwrap(mergeRegions(l, 'words', ids))
    expect(spans(l)).toEqual([[0, 16_000, 'no']])
    unwrap(undo(l))
    expect(spans(l)).toHaveLength(3)
  })

  it('come in hundreds by one change, and those in the bin give way', () => {
    using t = temporaryLibrary()
    const l = library(t)
    const many = Array.from({ length: 300 }, (_, i) => ({ start: i * 100, end: i * 100 + 80 }))
    const ids = unwrap(createRegions(l, 'words', { recording: RECORDING, spans: [...many, { start: 0, end: 8000 }], label: null }))
    expect(ids).toHaveLength(300)
    unwrap(binClips(l, 'words', ids))
    const before = rows(l)
    expect(unwrap(createRegions(l, 'words', { recording: RECORDING, spans: many, label: 'no' }))).toHaveLength(300)
    unwrap(undo(l))
    expect(rows(l)).toEqual(before)
    unwrap(undo(l))
    expect(unwrap(undo(l))).toBe('create regions')
    expect(regions(l)).toHaveLength(2)
    expect(createRegions(l, 'words', { recording: '0'.repeat(64), spans: many, label: null })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it('of a locked test set stay where they are and sound as they do', () => {
    using t = temporaryLibrary()
    const l = library(t)
    const ids = regions(l).map((c) => c.id)
    unwrap(setSplit(l, 'words', ids, 'test'))
    unwrap(lockTest(l, 'words', true))
    const before = rows(l)
    const refused = { ok: false, error: { message: expect.stringContaining('test set') } }
    expect(placeRegion(l, 'words', ids[0]!, { start: 0, end: 7000 })).toMatchObject(refused)
    expect(setSoundEdits(l, 'words', ids, [{ kind: 'gain', db: 1 }])).toMatchObject(refused)
    expect(create(l, 100, 200)).toMatchObject(refused)
    expect(rows(l)).toEqual(before)
    unwrap(setLabel(l, 'words', ids, 'yes'))
  })

  it.each([1, 2, 3, 4, 5, 6])('go back to the first state and forward to the last after any changes (seed %i)', (seed) => {
    using t = temporaryLibrary()
    library(t)
    const random = createRandom(seed)
    const states = [rows(t.library)]
    for (let i = 0; i < 40; i++) {
      const known = listHistory(t.library.catalog, 1)[0]?.id
      const result = randomChange(t.library, random)
      const after = rows(t.library)
      if (!result.ok || listHistory(t.library.catalog, 1)[0]?.id === known) expect(after).toEqual(states.at(-1))
      else states.push(after)
    }
    expect(states.length).toBeGreaterThan(15)
    for (let i = states.length - 2; i >= 0; i--) {
      if (i === 9) t.reopen()
      unwrap(undo(t.library))
      expect(rows(t.library)).toEqual(states[i])
    }
    for (const state of states.slice(1)) {
      unwrap(redo(t.library))
      expect(rows(t.library)).toEqual(state)
    }
  })
})

function randomChange(l: Library, random: Random): Result<unknown> {
  const ids = regions(l).map((c) => c.id)
  const id = ids[random.int(ids.length)] ?? 1
  const at = (): number => 1000 * random.int(20)
  const changes: (() => Result<unknown>)[] = [
    () => create(l, at(), at(), random.next() < 0.5 ? 'no' : null),
    () => create(l, at(), at() + 20_000),
    () => placeRegion(l, 'words', id, { start: at(), end: at() + 5000, band: random.next() < 0.5 ? { low: 50, high: 900 } : null }),
    () => splitRegion(l, 'words', id, at()),
    () => mergeRegions(l, 'words', ids.filter(() => random.next() < 0.4)),
    () => binClips(l, 'words', [id]),
    () => setLabel(l, 'words', [id], 'yes'),
    () => setSoundEdits(l, 'words', ids, [{ kind: 'gain', db: random.int(9) - 4 }]),
  ]
  return changes[random.int(changes.length)]!()
}

describe('edits of the sound', () => {
  it('are given to many clips by one change, and what leaves nothing is refused', () => {
    using t = temporaryLibrary()
    const l = library(t)
    const ids = regions(l).map((c) => c.id)
    expect(unwrap(setSoundEdits(l, 'words', ids, [{ kind: 'high-pass', hz: 100 }, { kind: 'normalise', to: 'peak', level: -1 }]))).toBe(2)
    expect(regions(l).map((c) => c.edits)).toEqual(Array.from({ length: 2 }, () => [{ kind: 'high-pass', hz: 100 }, { kind: 'normalise', to: 'peak', level: -1 }]))
    expect(setSoundEdits(l, 'words', ids, [{ kind: 'band-pass', low: 4000, high: 6000 }])).toMatchObject({
      ok: false, error: { code: 'INVALID', message: 'Above 4000 Hz there is nothing left of a recording at 8000 Hz' },
    })
    expect(setSoundEdits(l, 'words', [...ids, 4242], [])).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(unwrap(setSoundEdits(l, 'words', ids, []))).toBe(2)
    expect(unwrap(undo(l))).toBe('edit sound')
    expect(regions(l).every((c) => c.edits.length === 2)).toBe(true)
  })
})

it('boxes and edits go along when a dataset is copied or archived, and edits that are none are refused', () => {
  using t = temporaryLibrary()
  const l = library(t)
  const { id } = regions(l)[0]!
  unwrap(setSoundEdits(l, 'words', [id], [{ kind: 'gain', db: 3 }]))
  unwrap(placeRegion(l, 'words', id, { start: 0, end: 4000, band: { low: 100, high: 900 } }))
  const kept = { startSample: 0, endSample: 4000, band: { low: 100, high: 900 }, edits: [{ kind: 'gain', db: 3 }] }
  unwrap(duplicateDataset(l, 'words', 'copy'))
  expect(unwrap(listClips(l, 'copy'))[0]).toMatchObject(kept)
  const archived = readDatasetRows(l.catalog, regions(l)[0]!.datasetId)
  unwrap(l.catalog.transact('open', (catalog) => insertDatasetRows(catalog, 'opened', archived)))
  expect(unwrap(listClips(l, 'opened'))[0]).toMatchObject(kept)
  const forged = { ...archived, clips: archived.clips.map((c) => ({ ...c, edits: '[{"kind":"reverb"}]' })) }
  expect(l.catalog.transact('open', (catalog) => insertDatasetRows(catalog, 'forged', forged))).toMatchObject({ ok: false, error: { code: 'INVALID' } })
})

describe('a decision in review', () => {
  it('is label and review in one change, taken back by undo or, after other changes, by a change of its own', () => {
    using t = temporaryLibrary()
    const l = library(t)
    const [first, second] = regions(l).map((c) => c.id) as [number, number]
    const before = rows(l)
    const one = unwrap(decideClip(l, 'words', first, { label: 'yes', review: 'accepted' }))
    expect(one.before).toEqual({ label: 'no', review: 'new' })
    expect(regions(l)[0]).toMatchObject({ label: 'yes', review: 'accepted' })
    unwrap(takeBackDecision(l, 'words', first, one))
    expect(rows(l)).toEqual(before)
    const again = unwrap(decideClip(l, 'words', first, { label: 'yes', review: 'accepted' }))
    unwrap(setLabel(l, 'words', [second], null))
    unwrap(takeBackDecision(l, 'words', first, again))
    expect(regions(l).map((c) => [c.label, c.review])).toEqual([['no', 'new'], [null, 'new']])
    // Nothing changed, nothing to take back.
    const same = unwrap(decideClip(l, 'words', second, { label: null, review: 'new' }))
    expect(same.entry).toBeNull()
    const now = rows(l)
    unwrap(takeBackDecision(l, 'words', second, same))
    expect(rows(l)).toEqual(now)
    expect(decideClip(l, 'words', 4242, { label: null, review: 'new' })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })
})

it('a library from before regions is brought up to date, its clips and its undo as they were', () => {
  using t = temporaryLibrary()
  t.library.close()
  const root = join(t.folder, 'old')
  const old = unwrap(openLibrary(root, { migrations: migrations.slice(0, 1) }))
  const file = old.folder.catalogFile
  old.close()
  const db = new Database(file)
  db.exec(`
    INSERT INTO recordings (sha256, extension, original_name, container, codec, sample_rate, channels, frames, bytes, added_at)
      VALUES ('${RECORDING}', 'wav', 'a.wav', 'wav', 'pcm_s16le', 8000, 1, 80000, 160044, '2020');
    INSERT INTO datasets (name, created_at) VALUES ('words', '2020');
    INSERT INTO labels (dataset_id, name, position, colour) VALUES (1, 'no', 0, '#112233');
    INSERT INTO clips (dataset_id, recording_key, start_sample, end_sample, sample_rate, seconds, label_id, created_at) VALUES (1, 1, 0, 8000, 8000, 1, 1, '2020');
    INSERT INTO clips (dataset_id, recording_key, start_sample, end_sample, sample_rate, seconds, label_id, created_at) VALUES (1, 1, 8000, 9000, 8000, 0.125, 1, '2020');
    INSERT INTO history_entries (id, name, at) VALUES (1, 'delete for good', '2020');
    UPDATE history_current SET entry_id = 1;
    DELETE FROM clips WHERE id = 2;
    UPDATE history_current SET entry_id = NULL;`)
  db.close()
  using now = unwrap(openLibrary(root))
  expect(listClipRows(now.catalog, 1)).toMatchObject([{ startSample: 0, band: null, edits: [], label: 'no' }])
  unwrap(undo(now))
  expect(listClipRows(now.catalog, 1)).toMatchObject([{}, { startSample: 8000, band: null, edits: [], label: 'no' }])
  unwrap(setSoundEdits(now, 'words', [2], [{ kind: 'gain', db: 1 }]))
  unwrap(undo(now))
  expect(listClipRows(now.catalog, 1)[1]!.edits).toEqual([])
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ensureDataset, ensureLabel, insertClip, insertRecording, listClipRows, listLabelRows, openLibrary, setClipColumn, undoableName, type Clip,
} from '../../src-main/catalog/index.ts'
import { BROWSE_ORDERS, createClipBrowser, type BrowseFilter } from '../../src-main/curation/index.ts'
import { flagBits, flagsOf } from '../../src-main/curation/quality-flags.ts'
import { createRandom, ok, unwrap } from '../../src-main/kit/index.ts'
import { temporaryLibrary, type TemporaryLibrary } from '../support/library.ts'

const SPLITS = ['train', 'validation', 'test', null] as const
const REVIEWS = ['new', 'accepted', 'rejected', 'unsure'] as const
const QUALITY = ['clipped', 'near-duplicate', 'silent', null] as const
const MARKS = ['hard', 'suggested', null] as const
const SPEAKERS = ['Ana', 'luis', '50%_off', null] as const
const SESSIONS = ['morning', 'Evening', null] as const

let own: TemporaryLibrary
let dataset = 0
let labels: (number | null)[] = []

beforeAll(() => {
  own = temporaryLibrary()
  const random = createRandom('browse')
  unwrap(own.library.catalog.transact('fill', (catalog) => {
    dataset = unwrap(ensureDataset(catalog, 'words')).id
    const other = unwrap(ensureDataset(catalog, 'other')).id
    labels = [...['no', 'yes', 'Ñandú'].map((name) => unwrap(ensureLabel(catalog, dataset, name)).id), null]
    const recordingKey = insertRecording(catalog, {
      id: 'cd'.repeat(32), extension: 'wav', linkedPath: null, linkedModifiedMs: null, originalName: 'tape.wav',
      container: 'wav', codec: 'pcm_s16le', sampleRate: 8000, channels: 1, frames: 8_000_000, bytes: 16_000_000,
    })
    for (let i = 0; i < 400; i++) {
      const id = insertClip(catalog, {
        datasetId: i % 20 === 19 ? other : dataset, recordingKey, startSample: i * 8000, endSample: i * 8000 + 1000 + random.int(7000), sampleRate: 8000,
        labelId: i % 20 === 19 ? null : labels[random.int(4)]!, split: SPLITS[random.int(4)]!, speaker: SPEAKERS[random.int(4)]!, session: SESSIONS[random.int(3)]!,
        source: random.int(5) === 0 ? null : `day_${random.int(3)}/take-${i}.wav`,
      })!
      setClipColumn(catalog, 'review', REVIEWS[random.int(4)]!, [id])
      // Not looked at, nothing found, one flag, several.
      catalog.run('UPDATE clips SET quality = ? WHERE id = ?', [null, 0, 0, flagBits(['clipped']), flagBits(['clipped', 'near-duplicate'])][random.int(5)]!, id)
      const marked = random.int(4)
      catalog.run('UPDATE clips SET hard = ?, suggested_label_id = ? WHERE id = ?', marked & 1, marked & 2 ? labels[random.int(3)]! : null, id)
      if (random.int(10) === 0) setClipColumn(catalog, 'binned_at', '2026-01-01', [id])
    }
    return ok(undefined)
  }))
})
afterAll(() => own[Symbol.dispose]())

const everything = (): BrowseFilter => ({
  dataset, search: '', labels: [], splits: [], speakers: [], sessions: [], folders: [], reviews: [], quality: [], marks: [], seconds: { from: null, to: null }, binned: false,
})
const name = (clip: Clip): string => clip.source ?? 'tape.wav'
const folder = (clip: Clip): string | null => clip.source?.match(/^(.+)\//)?.[1] ?? null

const bits = (clip: Clip): number | null =>
  own.library.catalog.get<{ quality: number | null }>('SELECT quality FROM clips WHERE id = ?', clip.id)!.quality

const markedClips = (): Map<number, string[]> =>
  new Map(own.library.catalog.all<{ id: number; hard: 0 | 1; suggested: 0 | 1 }>('SELECT id, hard, suggested_label_id IS NOT NULL AS suggested FROM clips').map(({ id, hard, suggested }) => [
    id, [...(hard ? ['hard'] : []), ...(suggested ? ['suggested'] : [])],
  ]))

/** The plain way: every row, one condition after the other. */
function shown(filter: BrowseFilter): Clip[] {
  const labelIds = new Map(['no', 'yes', 'Ñandú'].map((text, i) => [text, labels[i]!]))
  const fold = (text: string) => text.toLowerCase()
  const { from, to } = filter.seconds
  const marked = filter.marks.length === 0 ? null : markedClips()
  return listClipRows(own.library.catalog, dataset, { binned: filter.binned ? 'only' : 'no' }).filter((clip) => {
    const label = clip.label === null ? null : labelIds.get(clip.label)!
    const texts = [name(clip), clip.speaker, clip.session, clip.label].filter((t) => t !== null).map(fold)
    return (
      filter.search.split(' ').filter((w) => w !== '').every((word) => texts.some((text) => text.includes(fold(word)))) &&
      (filter.labels.length === 0 || filter.labels.includes(label)) &&
      (filter.splits.length === 0 || filter.splits.includes(clip.split)) &&
      (filter.speakers.length === 0 || filter.speakers.includes(clip.speaker)) &&
      (filter.sessions.length === 0 || filter.sessions.includes(clip.session)) &&
      (filter.folders.length === 0 || filter.folders.includes(folder(clip))) &&
      (filter.reviews.length === 0 || filter.reviews.includes(clip.review)) &&
      (filter.quality.length === 0 || filter.quality.some((flag) => (flag === null ? bits(clip) === 0 : flagsOf(bits(clip)).includes(flag)))) &&
      (marked === null || filter.marks.some((mark) => (mark === null ? marked.get(clip.id)!.length === 0 : marked.get(clip.id)!.includes(mark)))) &&
      (from === null || clip.seconds >= from) && (to === null || clip.seconds < to)
    )
  })
}

function randomFilter(seed: number): BrowseFilter {
  const random = createRandom(seed)
  const some = <T>(values: readonly T[]): T[] => (random.int(2) === 0 ? [] : values.filter(() => random.int(3) === 0))
  const words = ['', '', 'take', 'DAY_1', 'no', 'yes ana', '%', '_', '50%_', '\\', 'ñ', 'take-3 luis', 'tape', 'evening']
  return {
    dataset, search: words[random.int(words.length)]!, labels: some(labels), splits: some(SPLITS), speakers: some(SPEAKERS), reviews: some(REVIEWS), quality: some(QUALITY), marks: some(MARKS),
    sessions: some(SESSIONS), folders: some(['day_0', 'day_1', null]), binned: random.int(6) === 0,
    seconds: { from: random.int(3) === 0 ? 0.25 : null, to: random.int(3) === 0 ? 0.75 : null },
  }
}

describe('the clip browser', () => {
  it('shows what the plain way shows, for two hundred filters', () => {
    const browser = createClipBrowser(own.library)
    for (let seed = 0; seed < 200; seed++) {
      const filter = randomFilter(seed)
      const wanted = shown(filter).map((c) => c.id)
      const { total, rows } = browser.page(filter, { by: 'added', descending: false }, 0, 500)
      expect(rows.map((r) => r.id), JSON.stringify(filter)).toEqual(wanted)
      expect(total).toBe(wanted.length)
      expect(browser.ids(filter)).toEqual(wanted)
    }
  })

  it('counts in each list what choosing one value more would show', () => {
    const browser = createClipBrowser(own.library)
    for (let seed = 0; seed < 60; seed++) {
      const filter = randomFilter(seed)
      const facets = browser.facets(filter)
      for (const { value, count } of facets.labels) expect(count).toBe(shown({ ...filter, labels: [value] }).length)
      for (const { value, count } of facets.splits) expect(count).toBe(shown({ ...filter, splits: [value] }).length)
      for (const { value, count } of facets.speakers) expect(count).toBe(shown({ ...filter, speakers: [value] }).length)
      for (const { value, count } of facets.quality) expect(count).toBe(shown({ ...filter, quality: [value] }).length)
      for (const { value, count } of facets.marks) expect(count).toBe(shown({ ...filter, marks: [value] }).length)
      for (const { value, count } of facets.reviews) expect(count).toBe(shown({ ...filter, reviews: [value] }).length)
      for (const { value, count } of facets.sessions) expect(count).toBe(shown({ ...filter, sessions: [value] }).length)
      for (const { value, count } of facets.folders) expect(count).toBe(shown({ ...filter, folders: [value] }).length)
      const { edges, counts } = facets.durations
      const bars = counts.map((_, i) => shown({ ...filter, seconds: { from: edges[i]!, to: edges[i + 1]! } }).length)
      expect(counts).toEqual(bars)
      expect(facets.seconds).toBeCloseTo(shown(filter).reduce((sum, c) => sum + c.seconds, 0), 6)
    }
  })

  it.each(BROWSE_ORDERS)('orders by %s both ways, with what has no value last', (by) => {
    const browser = createClipBrowser(own.library)
    const split = (c: Clip) => (c.split === null ? null : ['train', 'validation', 'test'].indexOf(c.split))
    const places = new Map(listLabelRows(own.library.catalog, dataset).map((l) => [l.name, l.position]))
    const keys: Record<typeof by, (c: Clip) => string | number | null> = {
      added: (c) => c.id, name: (c) => name(c).toLowerCase(), seconds: (c) => c.seconds, speaker: (c) => c.speaker?.toLowerCase() ?? null, split,
      session: (c) => c.session?.toLowerCase() ?? null, folder: (c) => folder(c)?.toLowerCase() ?? null,
      label: (c) => places.get(c.label ?? '') ?? null,
      review: (c) => ['new', 'unsure', 'rejected', 'accepted'].indexOf(c.review),
    }
    const clips = new Map(shown(everything()).map((c) => [c.id, c]))
    for (const descending of [false, true]) {
      const { rows } = browser.page(everything(), { by, descending }, 0, 500)
      expect(rows).toHaveLength(clips.size)
      const values = rows.map((r) => keys[by](clips.get(r.id)!))
      for (let i = 1; i < values.length; i++) {
        const [a, b] = [values[i - 1]!, values[i]!]
        if (b === null) continue
        expect(a, `${by} at ${i}`).not.toBeNull()
        expect(descending ? a >= b : a <= b, `${String(a)} before ${String(b)}`).toBe(true)
      }
    }
  })

  it('pages join to the whole, without a gap or a repetition', () => {
    const browser = createClipBrowser(own.library)
    const whole = browser.page(everything(), { by: 'speaker', descending: true }, 0, 1000).rows
    const joined = [0, 70, 140, 210, 280, 350].flatMap((offset) => browser.page(everything(), { by: 'speaker', descending: true }, offset, 70).rows)
    expect(joined).toEqual(whole)
    expect(browser.page(everything(), { by: 'speaker', descending: true }, 10_000, 70).rows).toEqual([])
  })

  it('stays true through a hundred random edits, undone and done again', () => {
    const browser = createClipBrowser(own.library)
    const { catalog } = own.library
    const random = createRandom('edits')
    const check = (seed: number): void => {
      for (const filter of [everything(), randomFilter(seed)]) {
        expect(browser.ids(filter)).toEqual(shown(filter).map((c) => c.id))
        const counted = browser.facets(filter).splits.find((s) => s.value === 'test')?.count ?? 0
        expect(counted).toBe(shown({ ...filter, splits: ['test'] }).length)
      }
    }
    for (let step = 0; step < 100; step++) {
      const ids = shown(everything()).map((c) => c.id).filter(() => random.int(40) === 0)
      const way = random.int(5)
      if (way === 3 && undoableName(catalog) === 'edit') catalog.undo()
      else if (way === 3) continue
      else if (way === 4) catalog.redo()
      else
        unwrap(catalog.transact('edit', (c) => ok(way === 0 ? setClipColumn(c, 'label_id', labels[random.int(4)]!, ids)
          : way === 1 ? setClipColumn(c, 'split', SPLITS[random.int(4)]!, ids) : setClipColumn(c, 'binned_at', '2026-01-03', ids.slice(0, 2)))))
      check(step)
    }
    while (undoableName(catalog) === 'edit') unwrap(catalog.undo())
    check(1000)
  })

  it('sees every change at once: its own, an undo, and another program\'s', () => {
    const browser = createClipBrowser(own.library)
    const total = (): number => browser.page(everything(), { by: 'name', descending: false }, 0, 1).total
    const facet = (): number => browser.facets(everything()).splits.reduce((sum, s) => sum + s.count, 0)
    const before = total()
    expect(facet()).toBe(before)
    const [first, second] = browser.ids(everything())
    unwrap(own.library.catalog.transact('bin', (catalog) => ok(setClipColumn(catalog, 'binned_at', '2026-01-02', [first!]))))
    expect([total(), facet()]).toEqual([before - 1, before - 1])
    unwrap(own.library.catalog.undo())
    expect([total(), facet()]).toEqual([before, before])
    using other = unwrap(openLibrary(own.root))
    unwrap(other.catalog.transact('bin', (catalog) => ok(setClipColumn(catalog, 'binned_at', '2026-01-02', [second!]))))
    expect([total(), facet()]).toEqual([before - 1, before - 1])
  })
})

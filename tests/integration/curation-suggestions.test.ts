import { expect, it } from 'vitest'
import { insertDatasetRows, listClipRows, readDatasetRows } from '../../src-main/catalog/index.ts'
import {
  acceptSuggestions, createClipBrowser, createDataset, decideClip, dropSuggestions, moveToDataset, redo, removeLabel, setHard, setLabel, suggestLabels, takeBackDecision, undo,
  type BrowseFilter,
} from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { toneLibrary } from '../support/tone-library.ts'

/** Every change here, and what a person sees of it: the row as lists show it. */
async function open() {
  const t = await toneLibrary()
  const { library } = t
  const dataset = library.catalog.get<{ id: number }>('SELECT id FROM datasets')!.id
  const filter: BrowseFilter = {
    dataset, search: '', labels: [], splits: [], speakers: [], sessions: [], folders: [], reviews: [], quality: [], marks: [], seconds: { from: null, to: null }, binned: false,
  }
  const browser = createClipBrowser(library)
  const rows = () => browser.page(filter, { by: 'added', descending: false }, 0, 500).rows
  const labels = library.catalog.all<{ id: number; name: string }>('SELECT id, name FROM labels ORDER BY position')
  return { t, library, dataset, browser, filter, rows, labels, name: library.catalog.get<{ name: string }>('SELECT name FROM datasets')!.name }
}

it('marks clips as hard, findable and undoable', async () => {
  const { t, library, name, browser, filter, rows } = await open()
  using _ = t
  const ids = rows().slice(0, 3).map((r) => r.id)
  expect(unwrap(setHard(library, name, ids, true))).toBe(3)
  expect(browser.ids({ ...filter, marks: ['hard'] })).toEqual(ids)
  expect(browser.facets(filter).marks).toContainEqual({ value: 'hard', count: 3 })
  unwrap(undo(library))
  expect(browser.ids({ ...filter, marks: ['hard'] })).toEqual([])
  unwrap(redo(library))
  expect(rows().filter((r) => r.hard).map((r) => r.id)).toEqual(ids)
  expect(setHard(library, name, [4242], true)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
})

it('a suggestion is no label until a person accepts it', async () => {
  const { t, library, name, rows, labels, browser, filter } = await open()
  using _ = t
  const [first, second, third] = rows().map((r) => r.id) as [number, number, number]
  unwrap(setLabel(library, name, [first, second, third], null))
  const label = labels[1]!
  const suggested = { label: label.id, probability: 0.75 }
  const suggestions = [first, second, third].map((clip) => ({ clip, label: label.name, probability: 0.75 }))
  expect(unwrap(suggestLabels(library, name, [...suggestions, { clip: 4242, label: label.name, probability: 1 }, { clip: first, label: 'no such label', probability: 1 }]))).toBe(3)
  expect(rows()[0]).toMatchObject({ label: null, review: 'new', suggestion: suggested })
  expect(browser.ids({ ...filter, marks: ['suggested'] })).toEqual([first, second, third])
  expect(listClipRows(library.catalog, filter.dataset, { label: label.name }).map((c) => c.id)).not.toContain(first)

  const decided = unwrap(decideClip(library, name, first, { label: label.name, review: 'accepted' }))
  expect(rows()[0]).toMatchObject({ label: label.id, review: 'accepted', suggestion: null })
  unwrap(takeBackDecision(library, name, first, decided))
  expect(rows()[0]).toMatchObject({ label: null, review: 'new', suggestion: suggested })

  expect(unwrap(acceptSuggestions(library, name, rows().map((r) => r.id)))).toBe(3)
  expect(rows().slice(0, 3).map((r) => [r.label, r.review, r.suggestion])).toEqual([1, 2, 3].map(() => [label.id, 'accepted', null]))
  unwrap(undo(library))
  expect(rows().slice(0, 3).map((r) => [r.label, r.review, r.suggestion])).toEqual([1, 2, 3].map(() => [null, 'new', suggested]))

  unwrap(setLabel(library, name, [second], labels[0]!.name))
  expect(rows()[1]).toMatchObject({ label: labels[0]!.id, suggestion: null })
  expect(unwrap(dropSuggestions(library, name))).toBe(2)
  expect(rows().every((r) => r.suggestion === null)).toBe(true)
  unwrap(undo(library))
  expect(rows()[0]!.suggestion).toEqual(suggested)
})

it('suggestions go with their label, stay behind when a clip moves, and do not travel in an archive', async () => {
  const { t, library, name, rows, labels, dataset } = await open()
  using _ = t
  const [first, second] = rows().map((r) => r.id) as [number, number]
  const to = labels[1]!
  unwrap(setLabel(library, name, [first, second], labels[0]!.name))
  unwrap(setHard(library, name, [first], true))
  unwrap(suggestLabels(library, name, [first, second].map((clip) => ({ clip, label: to.name, probability: 0.5 }))))
  const archived = readDatasetRows(library.catalog, dataset)
  expect(archived.clips[0]).toMatchObject({ hard: 1 })
  expect(Object.keys(archived.clips[0]!).filter((key) => key.startsWith('sugg'))).toEqual([])
  unwrap(library.catalog.transact('open', (catalog) => insertDatasetRows(catalog, 'opened', archived)))

  unwrap(createDataset(library, 'elsewhere'))
  unwrap(moveToDataset(library, name, [first], 'elsewhere'))
  expect(library.catalog.get('SELECT suggested_label_id AS s, hard FROM clips WHERE id = ?', first)).toEqual({ s: null, hard: 1 })
  unwrap(undo(library))
  expect(rows()[0]!.suggestion).toEqual({ label: to.id, probability: 0.5 })
  unwrap(removeLabel(library, name, to.name))
  expect(rows()[1]!.suggestion).toBeNull()
  unwrap(undo(library))
  expect(rows()[1]!.suggestion).toEqual({ label: to.id, probability: 0.5 })
})

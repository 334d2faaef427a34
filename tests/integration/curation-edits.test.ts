import { describe, expect, it } from 'vitest'
import { listHistory, redoableName, undoableName, type Library } from '../../src-main/catalog/index.ts'
import {
  addLabel, binClips, changeLabel, datasetStats, listClips, listLabels, mergeLabels, redo, removeLabel, renameDataset, renameLabel,
  reorderLabels, restoreClips, setLabel, setReview, setSpeaker, splitDataset, undo,
} from '../../src-main/curation/index.ts'
import { createRandom, unwrap, type Random, type Result } from '../../src-main/kit/index.ts'
import { addClips, temporaryLibrary } from '../support/library.ts'

/** Everything that a person can change, row by row. */
const snapshot = ({ catalog }: Library) =>
  ['datasets', 'labels', 'clips'].map((table) => catalog.all(`SELECT * FROM ${table} ORDER BY id`))

const five = ['a', 'b', 'c', 'd', 'e'].flatMap((label) => ['ana', 'bea', 'cid'].map((speaker) => ({ label, speaker })))

/** One edit at random; some are refused, and then must change nothing. */
function randomEdit(library: Library, random: Random): Result<unknown> {
  const dataset = library.catalog.get<{ name: string }>('SELECT name FROM datasets')!.name
  const labels = unwrap(listLabels(library, dataset)).map((l) => l.name)
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)]!
  const someLabel = () => (labels.length > 0 ? pick(labels) : 'gone')
  const ids = library.catalog.all<{ id: number }>('SELECT id FROM clips').map((c) => c.id).filter(() => random.next() < 0.3)
  const edits: (() => Result<unknown>)[] = [
    () => setLabel(library, dataset, ids, random.next() < 0.2 ? null : someLabel()),
    () => setSpeaker(library, dataset, ids, pick(['ana', 'new', null])),
    () => setReview(library, dataset, ids, pick(['accepted', 'rejected', 'unsure', 'new'] as const)),
    () => binClips(library, dataset, ids),
    () => restoreClips(library, dataset, ids),
    () => addLabel(library, dataset, `l${random.int(8)}`),
    () => renameLabel(library, dataset, someLabel(), `l${random.int(8)}`),
    () => changeLabel(library, dataset, someLabel(), { colour: '#012345', shortcut: pick(['x', 'y', null]) }),
    () => mergeLabels(library, dataset, [someLabel(), someLabel()], someLabel()),
    () => removeLabel(library, dataset, someLabel()),
    () => reorderLabels(library, dataset, random.shuffle([...labels])),
    () => renameDataset(library, dataset, `set ${random.int(5)}`),
    () => splitDataset(library, dataset, { group: pick(['none', 'speaker'] as const), seed: random.int(5) }),
    () => setLabel(library, dataset, [...ids, 1_000_000], someLabel()),
  ]
  return pick(edits)()
}

describe('undo', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('of any sequence of edits gives the first state, and redo the last (seed %i)', (seed) => {
    using t = temporaryLibrary()
    addClips(t.library, 'set 0', five)
    const random = createRandom(seed)
    const states = [snapshot(t.library)]
    for (let i = 0; i < 40; i++) {
      const before = states.at(-1)!
      const known = listHistory(t.library.catalog, 1)[0]?.id
      const result = randomEdit(t.library, random)
      const after = snapshot(t.library)
      if (!result.ok) expect(after).toEqual(before)
      if (listHistory(t.library.catalog, 1)[0]?.id === known) expect(after).toEqual(before)
      else states.push(after)
    }
    expect(states.length).toBeGreaterThan(15)
    for (let i = states.length - 2; i >= 0; i--) {
      // Closed and opened in the middle of it, as a person would.
      if (i === 7) t.reopen()
      unwrap(undo(t.library))
      expect(snapshot(t.library)).toEqual(states[i])
    }
    expect(undo(t.library)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    for (const state of states.slice(1)) {
      unwrap(redo(t.library))
      expect(snapshot(t.library)).toEqual(state)
    }
    expect(redo(t.library)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it('names what it would take back; a new edit ends what could be redone', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', five)
    unwrap(renameLabel(t.library, 'd', 'a', 'z'))
    unwrap(setLabel(t.library, 'd', [1], 'b'))
    const { catalog } = t.library
    expect([undoableName(catalog), redoableName(catalog)]).toEqual(['label', null])
    expect(unwrap(undo(t.library))).toBe('label')
    expect([undoableName(catalog), redoableName(catalog)]).toEqual(['rename label', 'label'])
    unwrap(setLabel(t.library, 'd', [], 'b')) // changes nothing, so it ends nothing
    expect(redoableName(catalog)).toBe('label')
    unwrap(setLabel(t.library, 'd', [2], 'b'))
    expect(redoableName(catalog)).toBeNull()
  })

  it('that something stands in the way of is refused and changes nothing', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', five)
    unwrap(renameLabel(t.library, 'd', 'a', 'z'))
    addClips(t.library, 'd', [{ label: 'a', recording: 99 }]) // not journalled
    const before = snapshot(t.library)
    expect(undo(t.library)).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    expect(snapshot(t.library)).toEqual(before)
  })
})

describe('edits', () => {
  it('change what they say', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', five)
    const labels = () => unwrap(listLabels(t.library, 'd')).map((l) => `${l.name}:${l.clips}`).join(' ')
    expect(unwrap(setLabel(t.library, 'd', [1, 2, 2], 'b'))).toBe(2)
    expect(unwrap(setLabel(t.library, 'd', [1, 2], 'b'))).toBe(0)
    expect(labels()).toBe('a:1 b:5 c:3 d:3 e:3')
    expect(unwrap(mergeLabels(t.library, 'd', ['c', 'd'], 'e'))).toBe(6)
    expect(labels()).toBe('a:1 b:5 e:9')
    expect(unwrap(binClips(t.library, 'd', [1, 3]))).toBe(2)
    expect(labels()).toBe('a:0 b:4 e:9')
    expect(unwrap(datasetStats(t.library, 'd'))).toMatchObject({ clips: 13, binned: 2, balance: 0 })
    expect(unwrap(listClips(t.library, 'd', { binned: 'only' })).map((c) => c.id)).toEqual([1, 3])
    expect(unwrap(restoreClips(t.library, 'd', [1]))).toBe(1)
    expect(unwrap(removeLabel(t.library, 'd', 'a'))).toBe(1)
    expect(unwrap(reorderLabels(t.library, 'd', ['e', 'b']))).toBeUndefined()
    expect(labels()).toBe('e:9 b:5')
    expect(unwrap(addLabel(t.library, 'd', 'f')).position).toBe(2)
  })

  it('refuse what has no meaning', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', five)
    addClips(t.library, 'other', [{ label: 'x' }])
    const code = (result: Result<unknown>) => (result.ok ? 'ok' : result.error.code)
    const foreign = unwrap(listClips(t.library, 'other'))[0]!.id
    expect([
      setLabel(t.library, 'd', [foreign], 'a'), setLabel(t.library, 'd', [1], 'nothing'), setLabel(t.library, 'nowhere', [1], 'a'),
      renameLabel(t.library, 'd', 'a', 'b'), renameLabel(t.library, 'd', 'a', ' '), addLabel(t.library, 'd', 'a'),
      reorderLabels(t.library, 'd', ['a']), changeLabel(t.library, 'd', 'a', { colour: 'red' }), renameDataset(t.library, 'd', 'other'),
    ].map(code)).toEqual([
      'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'ALREADY_EXISTS', 'INVALID', 'ALREADY_EXISTS', 'INVALID', 'INVALID', 'ALREADY_EXISTS',
    ])
    expect(listHistory(t.library.catalog)).toEqual([])
  })
})

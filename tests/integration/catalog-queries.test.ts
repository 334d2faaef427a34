import { describe, expect, it } from 'vitest'
import { clipQuery, type ClipFilter } from '../../src-main/catalog/index.ts'
import { datasetStats, listClips, listDatasets } from '../../src-main/curation/index.ts'
import { RECORDINGS, STATISTICS } from '../../src-main/curation/datasets.ts'
import { hashBytes, unwrap } from '../../src-main/kit/index.ts'
import { addClips, temporaryLibrary } from '../support/library.ts'

const clips = Array.from({ length: 400 }, (_, i) => ({
  label: i % 10 === 9 ? null : `l${i % 5}`, speaker: i % 7 === 0 ? null : `s${i % 7}`, source: `folder_${i % 3}/100%/${i}.wav`, recording: i >> 1,
}))

describe('lists of clips', () => {
  it('filter by every field, alone and together', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'other', clips.slice(0, 20))
    addClips(t.library, 'd', clips)
    const count = (filter: ClipFilter) => unwrap(listClips(t.library, 'd', filter)).length
    const expected = (test: (clip: (typeof clips)[number]) => boolean) => clips.filter(test).length
    expect(count({})).toBe(400)
    expect(count({ label: 'l2' })).toBe(expected((c) => c.label === 'l2'))
    expect(count({ label: null })).toBe(expected((c) => c.label === null))
    expect(count({ label: 'no such' })).toBe(0)
    expect(count({ speaker: 's3', label: 'l1' })).toBe(expected((c) => c.speaker === 's3' && c.label === 'l1'))
    expect(count({ speaker: null })).toBe(expected((c) => c.speaker === null))
    expect(count({ split: null })).toBe(400)
    expect(count({ split: 'train' })).toBe(0)
    expect(count({ recordingId: hashBytes('d 7') })).toBe(2)
    expect(count({ search: 'FOLDER_1/100%' })).toBe(expected((c) => c.source.startsWith('folder_1')))
    expect(count({ search: 'folder%1' })).toBe(0)
    expect(count({ review: 'accepted' })).toBe(0)
    expect(count({ binned: 'only' })).toBe(0)
    const page = unwrap(listClips(t.library, 'd', { limit: 10 }))
    const next = unwrap(listClips(t.library, 'd', { limit: 10, afterId: page.at(-1)!.id }))
    expect(next[0]!.id).toBe(page.at(-1)!.id + 1)
    expect(count({ ids: [page[0]!.id, page[3]!.id, 999_999] })).toBe(2)
  })

  it('never read the whole table nor sort it, whichever the filter', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', clips.slice(0, 10))
    const filters: ClipFilter[] = [
      {}, { limit: 50, afterId: 3 }, { label: 'l1' }, { label: null }, { split: 'train' }, { split: null }, { speaker: 's1' },
      { label: 'l1', split: 'test', speaker: 's2' }, { recordingId: hashBytes('d 1') }, { ids: [1, 2] },
    ]
    const plans = filters.map((filter) => clipQuery(t.library.catalog, 1, filter)!)
    plans.push({ sql: STATISTICS, values: [1] }, { sql: RECORDINGS, values: [1] })
    for (const { sql, values } of plans) {
      const steps = t.library.catalog.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values).map((row) => row.detail)
      expect(steps.some((s) => /^SEARCH (c|clips) USING/.test(s)), `${sql}\n${steps.join('\n')}`).toBe(true)
      // `c.label_id = ?` with an `ORDER BY c.id` is answered by an index that holds both.
      const sorts = steps.filter((s) => s.includes('TEMP B-TREE') || /^SCAN (c|clips|r|l)\b/.test(s))
      expect(sorts, `${sql}\n${steps.join('\n')}`).toEqual([])
    }
  })
})

describe('statistics', () => {
  it('count what is there', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', [
      { label: 'a', speaker: 'x' }, { label: 'a', speaker: 'y' }, { label: 'b', speaker: 'x', recording: 1 }, { label: null },
    ])
    expect(unwrap(datasetStats(t.library, 'd'))).toEqual({
      datasetId: 1, dataset: 'd', clips: 4, seconds: 4, unlabelled: 1, unsplit: 4, binned: 0, recordings: 3, shortestSeconds: 1, longestSeconds: 1,
      perLabel: [{ label: 'a', clips: 2, seconds: 2 }, { label: 'b', clips: 1, seconds: 1 }],
      perSplit: [{ split: null, clips: 4, seconds: 4 }],
      perSpeaker: [{ speaker: null, clips: 1, seconds: 1 }, { speaker: 'x', clips: 2, seconds: 2 }, { speaker: 'y', clips: 1, seconds: 1 }],
      perSampleRate: [{ sampleRate: 8000, clips: 4 }],
      balance: 0.5,
    })
    expect(listDatasets(t.library)).toMatchObject([{ name: 'd', clips: 4, seconds: 4, labels: 2 }])
    expect(datasetStats(t.library, 'e')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })
})

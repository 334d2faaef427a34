import { describe, expect, it } from 'vitest'
import { listClips, splitDataset, undo, type SplitRequest } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { addClips, temporaryLibrary, type TemporaryLibrary } from '../support/library.ts'

/** As FSDD: 6 speakers × 3 labels × 10 takes. */
const digits = ['ana', 'bea', 'cid', 'dan', 'eva', 'fay'].flatMap((speaker) =>
  ['0', '1', '2'].flatMap((label) => Array.from({ length: 10 }, (_, take) => ({ speaker, label, take: `${take}`, source: `${label}_${speaker}_${take}.wav` }))),
)
const split = (t: TemporaryLibrary, request: SplitRequest) => unwrap(splitDataset(t.library, 'd', request))
const codes = (t: TemporaryLibrary, request: SplitRequest) => split(t, request).warnings.map((w) => w.code)

describe('splitting a dataset', () => {
  it('writes the sides, the same for the same seed, and can be undone', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', digits)
    const sides = () => unwrap(listClips(t.library, 'd')).map((c) => c.split)
    const report = split(t, { test: 0.2, validation: 0.1, seed: 3 })
    expect(report.counts).toEqual({ train: 126, validation: 18, test: 36 })
    expect(report.byLabel).toEqual(['0', '1', '2'].map((label) => ({ label, train: 42, validation: 6, test: 12 })))
    const first = sides()
    split(t, { group: 'speaker' })
    expect(sides()).not.toEqual(first)
    unwrap(undo(t.library))
    expect(sides()).toEqual(first)
    split(t, { test: 0.2, validation: 0.1, seed: 3 })
    expect(sides()).toEqual(first)
    split(t, { test: 0, validation: 0 })
    expect(new Set(sides())).toEqual(new Set(['train']))
  })

  it('by a condition: exactly those clips are the test set, validation is stratified from the rest', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', digits)
    const report = split(t, { testWhere: 'take<5' })
    expect(report).toMatchObject({ testBy: 'condition take<5', validationBy: 'stratified by label, from the rest' })
    expect(report.counts).toEqual({ train: 81, validation: 9, test: 90 })
    for (const clip of unwrap(listClips(t.library, 'd'))) expect(clip.split === 'test').toBe(Number(clip.take) < 5)
    expect(report.warnings.map((w) => w.code)).toEqual(['SPEAKER_LEAK'])
    expect(split(t, { testWhere: 'speaker=ana', group: 'speaker' }).validationBy).toBe('by speaker, from the rest')
  })

  it('by speakers: nobody is on two sides', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', digits)
    const report = split(t, { testSpeakers: ['bea'] })
    expect(report).toMatchObject({ validationBy: 'by speaker, from the rest', counts: { train: 120, validation: 30, test: 30 }, warnings: [] })
    expect(split(t, { testSpeakers: ['ana', 'bea', 'cid', 'dan'] }).validationBy).toBe('stratified by label, from the rest')
  })

  it('warns of leaks, of labels that a side lacks, and of too few speakers', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', [
      ...digits, { label: 'rare', speaker: 'ana', take: '1' }, { label: '0', speaker: null, take: '1', recording: 900 }, { label: '0', take: '9', recording: 900 },
    ])
    expect(codes(t, { testWhere: 'take<5' })).toEqual(['SPEAKER_LEAK', 'RECORDING_LEAK', 'LABEL_MISSING', 'LABEL_MISSING'])
    expect(codes(t, { testSpeakers: ['ana'], validation: 0 })).toEqual(['LABEL_MISSING'])
    expect(codes(t, { group: 'speaker' })).toContain('NO_GROUP')
    using small = temporaryLibrary()
    addClips(small.library, 'd', digits.filter((c) => c.speaker < 'c'))
    expect(codes(small, { group: 'speaker' })).toEqual(expect.arrayContaining(['TOO_FEW_GROUPS', 'EMPTY_SPLIT']))
  })

  it('refuses what has no meaning, and changes nothing then', () => {
    using t = temporaryLibrary()
    addClips(t.library, 'd', digits)
    addClips(t.library, 'empty', [])
    const code = (dataset: string, request: SplitRequest) => {
      const result = splitDataset(t.library, dataset, request)
      return result.ok ? 'ok' : result.error.code
    }
    expect([
      code('d', { test: 0.6, validation: 0.4 }), code('d', { test: -0.1 }), code('d', { test: Number.NaN }), code('d', { testWhere: 'take<' }),
      code('d', { testWhere: 'take<5', testSpeakers: ['ana'] }), code('d', { testWhere: 'take<5', test: 0.1 }), code('d', { testWhere: 'take>99' }),
      code('d', { testWhere: 'take>=0' }), code('d', { testSpeakers: ['zoe'] }), code('d', { testSpeakers: [] }), code('empty', {}), code('none', {}),
    ]).toEqual(['USAGE', 'USAGE', 'USAGE', 'USAGE', 'USAGE', 'USAGE', 'INVALID', 'INVALID', 'NOT_FOUND', 'NOT_FOUND', 'INVALID', 'NOT_FOUND'])
    expect(new Set(unwrap(listClips(t.library, 'd')).map((c) => c.split))).toEqual(new Set([null]))
  })
})

import { describe, expect, it } from 'vitest'
import { createRun, getRun, listModels, listRuns, recordModel, updateRun } from '../../src-main/catalog/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { temporaryLibrary } from '../support/library.ts'

describe('run records', () => {
  it('are created, changed, found by a part of their id and listed newest first', () => {
    using t = temporaryLibrary()
    const first = unwrap(createRun(t.library, { name: 'first', datasetId: null, config: { epochs: 3, nested: { x: [1, null] } } }))
    const second = unwrap(createRun(t.library, { name: 'second', datasetId: null, config: null }))
    expect(first).toMatchObject({ status: 'created', config: { epochs: 3, nested: { x: [1, null] } }, summary: {}, startedAt: null })
    const finished = unwrap(updateRun(t.library, first.id, { status: 'finished', summary: { accuracy: 0.97 }, finishedAt: '2026-01-01T00:00:00.000Z' }))
    expect(finished).toMatchObject({ name: 'first', status: 'finished', summary: { accuracy: 0.97 }, config: { epochs: 3 } })
    expect(listRuns(t.library).map((r) => r.id).toSorted()).toEqual([first.id, second.id].toSorted())
    expect(listRuns(t.library, { status: 'finished' }).map((r) => r.id)).toEqual([first.id])
    expect(unwrap(getRun(t.library, second.id.slice(-6))).id).toBe(second.id)
    expect(getRun(t.library, first.id.slice(0, 8))).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    expect(getRun(t.library, 'nothing')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(getRun(t.library, '%')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(updateRun(t.library, 'nothing', { name: 'x' })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it('live on when the library is opened again, and are not part of undo', () => {
    using t = temporaryLibrary()
    const run = unwrap(createRun(t.library, { name: 'kept', datasetId: null, config: {} }))
    const library = t.reopen()
    expect(unwrap(getRun(library, run.id))).toEqual(run)
    expect(library.catalog.undo()).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it('remember models by their hash', () => {
    using t = temporaryLibrary()
    const model = { id: 'a'.repeat(64), runId: null, name: 'digits', file: '/somewhere/a.onnx', bytes: 7, metadata: { labels: ['0'] } }
    unwrap(recordModel(t.library, model))
    unwrap(recordModel(t.library, { ...model, file: '/elsewhere/b.onnx' }))
    expect(listModels(t.library)).toMatchObject([{ ...model, file: '/elsewhere/b.onnx' }])
  })
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getRun, openLibrary, type Library } from '../../src-main/catalog/index.ts'
import { importFolder, splitDataset } from '../../src-main/curation/index.ts'
import { frontEndHash } from '../../src-main/features/index.ts'
import { takeLock, unwrap } from '../../src-main/kit/index.ts'
import { countParameters, planNetwork } from '../../src-main/nn/index.ts'
import { createTrainingRun, evaluateRun, loadRunModel, readRun, trainRun } from '../../src-main/runs/index.ts'
import { checkpointPath, runFiles } from '../../src-main/training/index.ts'
import { LABELS, makeToneClips, SETTINGS } from './training-data.ts'

let folder = ''
let library: Library
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-runs-'))
  makeToneClips(join(folder, 'tones'))
  library = unwrap(openLibrary(join(folder, 'library')))
  const labels = { from: 'filename', pattern: '{label}_{speaker}_{take}' } as const
  unwrap(await importFolder(library, { path: join(folder, 'tones'), dataset: 'tones', labels }))
})
afterAll(() => {
  library.close()
  rmSync(folder, { recursive: true, force: true })
})

const code = (result: { ok: true } | { ok: false; error: { code: string } }) => (result.ok ? null : result.error.code)
const request = { dataset: 'tones', settings: { ...SETTINGS, select: 'last' as const }, device: 'cpu', threads: 1 } as const

describe('runs of a library', () => {
  let id = ''

  it('need a split', async () => {
    expect(code(await createTrainingRun(library, request))).toBe('INVALID')
    expect(code(await createTrainingRun(library, { ...request, dataset: 'nothing' }))).toBe('NOT_FOUND')
    unwrap(splitDataset(library, 'tones', { test: 0.2, validation: 0.2 }))
  })

  it('begin as a record with a snapshot of the clips', async () => {
    const run = unwrap(await createTrainingRun(library, { ...request, name: 'first' }))
    id = run.id
    const { record, config, result, metrics } = unwrap(await readRun(library, id))
    expect(record).toMatchObject({ name: 'first', status: 'created' })
    expect(config.labels).toEqual([...LABELS].sort())
    expect(config.clips).toEqual({ train: 36, validation: 12, test: 12 })
    expect(result).toBeNull()
    expect(metrics).toEqual([])
    expect(code(await evaluateRun(library, id))).toBe('NOT_FOUND')
  })

  it('keep their snapshot when the dataset is split anew', async () => {
    const before = unwrap(await readRun(library, id)).config.splitHash
    unwrap(splitDataset(library, 'tones', { test: 0.2, validation: 0.2, seed: 9 }))
    const other = unwrap(await createTrainingRun(library, request))
    expect(unwrap(await readRun(library, other.id)).config.splitHash).not.toBe(before)
    expect(unwrap(await readRun(library, id)).config.splitHash).toBe(before)
  })

  it('train, and know how it went', async () => {
    const result = unwrap(await trainRun(library, id))
    expect(result.evaluation.test?.accuracy).toBe(1)
    const details = unwrap(await readRun(library, id.slice(0, 18)))
    expect(details.record.status).toBe('finished')
    expect(details.record.summary).toMatchObject({ 'test.accuracy': 1, 'validation.accuracy': 1, parameters: 639, device: 'cpu', threads: 1 })
    expect(details.result).toEqual(JSON.parse(JSON.stringify(result)))
    expect(details.metrics.filter((m) => m.type === 'epoch')).toHaveLength(8)
    expect(JSON.parse(readFileSync(runFiles(details.record.folder).config, 'utf8'))).toEqual(details.config)
  })

  it('evaluate each side of their split as training did', async () => {
    const { result } = unwrap(await readRun(library, id))
    const test = unwrap(await evaluateRun(library, id, 'test'))
    expect(test.classification).toEqual(result!.evaluation.test)
    expect(test.predictions).toHaveLength(12)
    expect(unwrap(await evaluateRun(library, id, 'train')).predictions).toHaveLength(36)
  })

  it('give what an export needs', async () => {
    const model = unwrap(await loadRunModel(library, id))
    const network = unwrap(planNetwork({ architecture: model.architecture, inputShape: [1, 16, 16], classes: 3 }))
    expect([...model.weights.keys()].sort()).toEqual([...network.parameters, ...network.buffers].map((p) => p.name).sort())
    expect(countParameters(network)).toBe(639)
    expect(model.labels).toEqual([...LABELS].sort())
    expect(model.normalisation!.std[0]).toBeGreaterThan(0)
    expect(frontEndHash(model.frontEnd)).toBe(unwrap(await readRun(library, id)).result!.hashes.frontEnd)
    expect(model.metrics).toEqual({ 'validation.accuracy': 1, 'test.accuracy': 1 })
    expect(model.provenance).toMatchObject({ dataset: 'tones', run: id, runName: 'first' })
    for (const hash of [model.provenance.datasetHash, model.provenance.splitHash, model.provenance.jobHash]) expect(hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('can be stopped and go on', async () => {
    const run = unwrap(await createTrainingRun(library, { ...request, settings: { ...SETTINGS, epochs: 40 } }))
    const controller = new AbortController()
    const stopped = unwrap(await trainRun(library, run.id, { signal: controller.signal, onEvent: (e) => e.type === 'epoch' && controller.abort() }))
    expect(stopped.status).toBe('cancelled')
    expect(unwrap(getRun(library, run.id)).status).toBe('stopped')
    expect(unwrap(await loadRunModel(library, run.id)).metrics).toEqual({})
    const before = unwrap(getRun(library, run.id))
    using held = takeLock(runFiles(before.folder).lock)!
    expect(await trainRun(library, run.id, { resume: true })).toMatchObject({ ok: false, error: { code: 'RUN_BUSY' } })
    expect(unwrap(getRun(library, run.id))).toEqual(before)
    held.release()
    const finished = unwrap(await trainRun(library, run.id, { resume: true }))
    expect(finished).toMatchObject({ status: 'finished', resumedFrom: stopped.steps, epochs: 40 })
  })

  it('that fail say why', async () => {
    const settings = { ...SETTINGS, optimizer: { type: 'sgd' as const }, schedule: { type: 'constant' as const, rate: 100 }, loss: { type: 'meanSquaredError' as const, of: 'logits' as const }, epochs: 50 }
    const run = unwrap(await createTrainingRun(library, { ...request, settings }))
    expect(code(await trainRun(library, run.id))).toBe('TRAINING_DIVERGED')
    expect(unwrap(getRun(library, run.id))).toMatchObject({ status: 'failed', summary: { error: { code: 'TRAINING_DIVERGED' } } })
  })

  it('report a damaged checkpoint', async () => {
    const { record, result } = unwrap(await readRun(library, id))
    const path = checkpointPath(runFiles(record.folder).checkpoints, result!.steps)
    writeFileSync(path, readFileSync(path).subarray(0, 1000))
    expect(code(await loadRunModel(library, id))).toBe('CHECKPOINT_CORRUPT')
  })
})

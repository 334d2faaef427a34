import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listClipRows } from '../../../src-main/catalog/index.ts'
import { createClipMaps, type MapProgress, type MapRequest } from '../../../src-main/embedding/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { trainRun } from '../../../src-main/runs/index.ts'
import { toneLibrary, type ToneLibrary } from '../../support/tone-library.ts'
import { rowsOf } from '../../support/trustworthiness.ts'

describe('maps of clips', () => {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-maps-'))
  let tones: ToneLibrary
  let run = ''
  const FEATURES: MapRequest = { dataset: 1, of: { kind: 'features', frontEnd: 'logmel-64x64' }, reduction: { method: 'pca' } }
  const UMAP: MapRequest = { ...FEATURES, reduction: { method: 'umap', neighbours: 10, minDist: 0.1, seed: 1 } }
  const make = async (request: MapRequest, { entry, cache = folder, signal }: { entry?: string; cache?: string; signal?: AbortSignal } = {}) => {
    const progress: MapProgress[] = []
    const result = await createClipMaps(tones.library, { cache, ...(entry === undefined ? {} : { entry }) }).make(request, { onProgress: (p) => progress.push(p), signal })
    return { result, progress }
  }

  beforeAll(async () => {
    tones = await toneLibrary()
    run = await tones.run({ epochs: 4 })
    unwrap(await trainRun(tones.library, run))
  })
  afterAll(() => {
    tones[Symbol.dispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Share of clips whose nearest neighbour on the map has their label. */
  const agreement = (ids: Int32Array, positions: Float32Array): number => {
    const labels = new Map(listClipRows(tones.library.catalog, 1).map((c) => [c.id, c.label]))
    const points = rowsOf(positions, 2)
    const right = points.filter((p, i) => {
      const order = Array.from(points.keys()).filter((j) => j !== i).sort((a, b) => Math.hypot(points[a]![0]! - p[0]!, points[a]![1]! - p[1]!) - Math.hypot(points[b]![0]! - p[0]!, points[b]![1]! - p[1]!))
      return labels.get(ids[order[0]!]!) === labels.get(ids[i]!)
    })
    return right.length / points.length
  }

  it('lays out the features of every clip, with progress, tones of one pitch beside each other', async () => {
    const { result, progress } = await make(UMAP)
    const map = unwrap(result)
    expect(map.ids.length).toBe(60)
    expect(map.positions.length).toBe(120)
    expect(map.skipped).toBe(0)
    expect(map.variance[0]).toBeGreaterThan(map.variance[1]!)
    // By chance a third of them.
    expect(agreement(map.ids, map.positions)).toBeGreaterThan(2 / 3)
    expect([...new Set(progress.map((p) => p.stage))]).toEqual(['features', 'components', 'neighbours', 'layout'])
  })

  it('comes from the cache the second time, and the same', async () => {
    const [first, second] = [await make(UMAP), await make(UMAP)]
    expect(second.progress).toEqual([])
    expect(unwrap(second.result)).toEqual(unwrap(first.result))
  })

  it('a map of the same seed without the cache is the same', async () => {
    const again = await make(UMAP, { cache: join(folder, 'other') })
    expect(again.progress.length).toBeGreaterThan(0)
    expect(unwrap(again.result).positions).toEqual(unwrap((await make(UMAP)).result).positions)
  })

  it('lays out what the network makes of the clips, at the last layer but one unless told', async () => {
    const { result, progress } = await make({ ...FEATURES, of: { kind: 'layer', run, layer: null } })
    const map = unwrap(result)
    expect(map.layer).toBe('dropout1')
    expect(progress.some((p) => p.stage === 'network')).toBe(true)
    expect(unwrap((await make({ ...FEATURES, of: { kind: 'layer', run, layer: 'conv1' } })).result).positions).not.toEqual(map.positions)
  })

  it('says what is wrong: an unknown layer, front end, run, an empty dataset', async () => {
    expect((await make({ ...FEATURES, of: { kind: 'layer', run, layer: 'conv9' } })).result).toMatchObject({ ok: false, error: { code: 'NOT_FOUND', message: 'tiny has no layer conv9' } })
    expect((await make({ ...FEATURES, of: { kind: 'features', frontEnd: 'none' } })).result.ok).toBe(false)
    expect((await make({ ...FEATURES, of: { kind: 'layer', run: 'none', layer: null } })).result).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect((await make({ ...FEATURES, dataset: 99 })).result).toMatchObject({ ok: false, error: { code: 'INVALID', message: 'This dataset has no clips' } })
  })

  it('is cancelled, before and in the middle', async () => {
    expect((await make(FEATURES, { cache: join(folder, 'cancelled'), signal: AbortSignal.abort() })).result).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    const stop = new AbortController()
    const result = createClipMaps(tones.library, { cache: join(folder, 'cancelled') }).make(UMAP, { onProgress: () => stop.abort(), signal: stop.signal })
    expect(await result).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
  })

  it('a process that dies is an error that says so', async () => {
    const entry = join(folder, 'dies.mjs')
    writeFileSync(entry, "process.on('message', () => process.kill(process.pid, 'SIGKILL'))")
    expect((await make(FEATURES, { cache: join(folder, 'dead'), entry })).result).toMatchObject({ ok: false, error: { code: 'WORKER_DIED', message: expect.stringContaining('SIGKILL') } })
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStudio, type Studio } from '../../../src-main/app/studio.ts'
import { createRunGroup } from '../../../src-main/catalog/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { parseArchitecture } from '../../../src-main/nn/index.ts'
import { createTrainingRun, trainRun } from '../../../src-main/runs/index.ts'
import { SETTINGS } from '../training-data.ts'
import { connectByPort, type Connected, type TestStudio } from '../../support/studio.ts'
import { toneLibrary, type ToneLibrary } from '../../support/tone-library.ts'

const wide = unwrap(parseArchitecture({ ...SETTINGS.architecture, name: 'wide', layers: SETTINGS.architecture.layers.map((layer) => (layer.type === 'conv2d' ? { ...layer, filters: 8 } : layer)) }))

describe('comparing runs of a library', () => {
  let tones: ToneLibrary
  let studio: Studio
  let connected: Connected
  let group = ''
  const ids = { one: '', two: '', wide: '', waiting: '' }

  beforeAll(async () => {
    tones = await toneLibrary()
    const { library } = tones
    group = unwrap(createRunGroup(library, { name: 'Seeds', kind: 'experiment', datasetId: null, config: {} })).id
    const make = async (name: string, settings: object, more: object = {}): Promise<string> =>
      unwrap(await createTrainingRun(library, { dataset: 'tones', name, settings: { ...SETTINGS, epochs: 2, ...settings }, device: 'cpu', threads: 1, ...more })).id
    ids.one = await make('one', { seed: 1 }, { group })
    ids.two = await make('two', { seed: 2 }, { group })
    ids.wide = await make('wide', { architecture: wide, epochs: 3 })
    ids.waiting = await make('waiting', { optimizer: { type: 'sgd', momentum: 0.9 } })
    for (const id of [ids.one, ids.two, ids.wide]) unwrap(await trainRun(library, id))
    library.close()
    studio = unwrap(openStudio({ library: tones.root, page: tones.root, typedPaths: true, onBug: (cause) => { throw cause } }))
    connected = await connectByPort({ studio } as TestStudio)
  })
  afterAll(async () => {
    await connected[Symbol.asyncDispose]()
    await studio[Symbol.asyncDispose]()
    tones[Symbol.dispose]()
  })

  it('lists them with all settings, multiply-accumulates and experiments', async () => {
    const table = await connected.client.compare.table({ which: 'present' })
    expect(table.runs.map((r) => r.run.name)).toEqual(['waiting', 'wide', 'two', 'one'])
    expect(table.groups).toEqual([{ id: group, name: 'Seeds', kind: 'experiment' }])
    const setting = (name: string, path: string): unknown => {
      const run = table.runs.find((r) => r.run.name === name)!
      const part = run.parts.map((p) => table.parts[p]!).find((p) => p.at.includes(table.settings.indexOf(path)))
      return part?.values[part.at.indexOf(table.settings.indexOf(path))]
    }
    expect([setting('one', 'seed'), setting('two', 'seed'), setting('wide', 'architecture.conv2d.filters')]).toEqual([1, 2, 8])
    expect([setting('waiting', 'optimizer.momentum'), setting('one', 'optimizer.momentum')]).toEqual([0.9, undefined])
    const [waiting, broad, two, one] = table.runs
    // Front end, architecture and augmentation are the same for both; the rest is not: the seed.
    expect(two!.parts.filter((part) => one!.parts.includes(part))).toHaveLength(3)
    expect(two).toMatchObject({ policy: 'specaugment', frontEnd: 'logmel', run: { group, status: 'finished' }, cost: null })
    expect(waiting!.run.status).toBe('created')
    // 16 bands × 16 frames (2,000 samples, a frame every 128, the first at 0); convolution 3×3 inside, pooling by 2, linear layer.
    const [bands, frames] = [16, 1 + Math.floor(2000 / 128)]
    const places = (bands - 2) * (frames - 2)
    const linear = Math.floor((bands - 2) / 2) * Math.floor((frames - 2) / 2) * 3
    expect(broad!.macs! - two!.macs!).toBe(4 * (9 * places + linear))
  })

  it('lays their curves over one another, of several runs with a band', async () => {
    const ask = (more: object) => connected.client.compare.curves({ groups: [[ids.one, ids.two], [ids.wide], [ids.waiting]], names: ['train.loss', 'validation.accuracy'], axis: 'step', smoothing: 0.6, spread: 'range', points: 500, ...more })
    const { curves, names } = await ask({})
    expect(names).toEqual(expect.arrayContaining(['train.loss', 'learningRate', 'gradientNorm', 'gradient.conv1']))
    expect(names.some((n) => n.includes('seconds'))).toBe(false)
    expect(curves.map((c) => [c.name, c.group, c.runs, c.band !== null])).toEqual([['train.loss', 0, 2, true], ['train.loss', 1, 1, false], ['validation.accuracy', 0, 2, true], ['validation.accuracy', 1, 1, false]])
    const lines = readFileSync(join(tones.root, 'runs', ids.wide, 'metrics.jsonl'), 'utf8').trim().split('\n').map((l) => JSON.parse(l) as { type: string; step: number; loss: number; seconds: number })
    const steps = lines.filter((l) => l.type === 'step')
    expect(curves[1]).toMatchObject({ x: steps.map((s) => s.step), y: steps.map((s) => s.loss) })
    curves[0]!.band!.low.forEach((low, i) => expect(low).toBeLessThanOrEqual(curves[0]!.band!.high[i]!))
    const byTime = (await ask({ axis: 'time' })).curves[1]!
    expect(byTime.x).toEqual(steps.map((s) => s.seconds))
    expect(byTime.x.every((x, i) => x > (byTime.x[i - 1] ?? 0))).toBe(true)
    expect((await ask({ axis: 'epoch' })).curves[3]!.x).toEqual([1, 2, 3])
    await expect(ask({ groups: [['nothing']] })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('says of the same clips what two models make of them', async () => {
    const { client } = connected
    const found = await client.compare.disagreements({ a: ids.one, b: ids.wide, split: 'validation' })
    const [a, b] = [await client.runs.predictions({ run: ids.one, split: 'validation' }), await client.runs.predictions({ run: ids.wide, split: 'validation' })]
    const right = (p: typeof a, i: number): boolean => p.predicted[i] === p.label[i]
    expect(found.clips).toBe(a.id.length)
    expect(found.onlyA).toBe(a.id.filter((_, i) => right(a, i) && !right(b, i)).length)
    expect(found.onlyB).toBe(a.id.filter((_, i) => !right(a, i) && right(b, i)).length)
    expect(found.bothRight + found.onlyA + found.onlyB + found.sameWrong + found.bothWrong).toBe(found.clips)
    expect(found.rows).toHaveLength(found.onlyA + found.onlyB + found.bothWrong)
    await expect(client.compare.disagreements({ a: ids.one, b: ids.waiting, split: 'test' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('measures what a recogniser costs, keeps it, and refuses what has learned nothing', async () => {
    const { client } = connected
    const cost = await client.compare.measure({ run: ids.one })
    const exported = await client.models.export({ run: ids.one, name: null, precision: 'float32' })
    expect(cost).toMatchObject({ bytes: exported.bytes, here: true })
    expect(cost.low).toBeGreaterThan(0)
    expect(cost.low <= cost.milliseconds && cost.milliseconds <= cost.high).toBe(true)
    const table = await client.compare.table({ which: 'present' })
    expect(table.runs.find((r) => r.run.id === ids.one)!.cost).toEqual(cost)
    // What else the summary holds stays.
    expect(table.runs.find((r) => r.run.id === ids.one)!.run.summary.testAccuracy).not.toBeNull()
    await expect(client.compare.measure({ run: ids.waiting })).rejects.toThrow()
    expect(existsSync(join(tones.root, 'runs', ids.one, 'model.onnx'))).toBe(false)
  })

  it('has those in the bin in a table of their own', async () => {
    const { client } = connected
    await client.runs.remove({ run: ids.two })
    expect((await client.compare.table({ which: 'present' })).runs.map((r) => r.run.name)).toEqual(['waiting', 'wide', 'one'])
    expect((await client.compare.table({ which: 'binned' })).runs.map((r) => r.run.name)).toEqual(['two'])
    await client.runs.restore({ run: ids.two })
    expect((await client.compare.table({ which: 'binned' })).runs).toEqual([])
  })
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Clip, ImportEvent } from '../../../src-contract/index.ts'
import { createRun } from '../../../src-main/catalog/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { everything, importWords, testStudio, TRANSPORTS, type Connected, type TestStudio } from '../../support/studio.ts'

describe.each(TRANSPORTS)('the contract over a %s', (_, connect) => {
  let test: TestStudio
  let connected: Connected
  let dataset = 0
  const page = async (more: object = {}): Promise<readonly Clip[]> =>
    (await connected.client.clips.page({
      filter: { ...everything(dataset), ...more }, sort: { by: 'name', descending: false }, offset: 0, limit: 100,
    })).clips
  const labelId = async (name: string): Promise<number> =>
    (await connected.client.labels.list({ dataset })).find((l) => l.name === name)!.id

  beforeAll(async () => {
    test = testStudio()
    connected = await connect(test)
    dataset = await importWords(connected.client, test.recordings)
    await test.studio.services.quality.settled()
  })
  afterAll(async () => {
    await connected[Symbol.asyncDispose]()
    await test[Symbol.asyncDispose]()
    expect(test.bugs).toEqual([])
  })

  it('says what the library holds', async () => {
    const info = await connected.client.library.info()
    expect(info).toMatchObject({ folder: join(test.folder, 'library'), datasets: 1, clips: 12, warnings: [] })
    const [words] = await connected.client.datasets.list()
    expect(words).toMatchObject({ id: dataset, name: 'words', clips: 12, labels: 2, unlabelled: 0 })
    expect(words?.seconds).toBeCloseTo(12 * 0.25, 6)
  })

  it('streams progress and closes with one report, failures named', async () => {
    writeFileSync(join(test.recordings, 'broken_ana_0.wav'), 'not audio')
    const { here } = await connected.client.imports.open({ path: test.recordings })
    expect(here).toMatchObject({ recordings: 13, more: false })
    const events: ImportEvent[] = []
    const request = { place: here.token, dataset: 'again', labels: { from: 'folder' }, link: true } as const
    for await (const event of await connected.client.imports.start(request)) events.push(event)
    const report = events.at(-1)!
    expect(events.filter((e) => e.type === 'report')).toHaveLength(1)
    expect(report).toMatchObject({ type: 'report', report: { files: 13, added: 12, failed: 1, failures: [{ file: 'broken_ana_0.wav' }] } })
    await connected.client.history.undo()
    expect((await connected.client.datasets.list()).map((d) => d.name)).toEqual(['words'])
  })

  it('previews what a pattern recognises before anything is imported', async () => {
    const { here } = await connected.client.imports.open({ path: test.recordings })
    const preview = await connected.client.imports.preview({ place: here.token, labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' } })
    expect(preview.labels.map((l) => l.name)).toContain('yes')
    expect(preview.examples[0]).toMatchObject({ speaker: 'ana', take: '0' })
    await expect(connected.client.imports.preview({ place: here.token, labels: { from: 'filename', pattern: '{label' } }))
      .rejects.toMatchObject({ code: 'USAGE', defined: true, data: { hint: expect.stringContaining('{label}') } })
  })

  it('walks folders by tokens', async () => {
    const top = await connected.client.imports.places({ place: null })
    expect(top.here.path).toBe(test.folder)
    const inner = top.folders.find((f) => f.name === 'recordings')!
    const listed = await connected.client.imports.places({ place: inner.token })
    expect(listed.here.path).toBe(test.recordings)
    expect(listed.parent).toBe(top.here.token)
    await expect(connected.client.imports.places({ place: 'A'.repeat(22) })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(connected.client.imports.open({ path: join(test.folder, 'nowhere') })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('pages, sorts, searches and filters', async () => {
    const { total, clips } = await connected.client.clips.page({
      filter: everything(dataset), sort: { by: 'seconds', descending: true }, offset: 2, limit: 3,
    })
    expect(total).toBe(12)
    expect(clips).toHaveLength(3)
    expect(clips.map((c) => c.seconds)).toEqual(clips.map((c) => c.seconds).toSorted((a, b) => b - a))
    expect((await page({ search: 'YES luis' })).map((c) => c.name)).toEqual(['yes_luis_0.wav', 'yes_luis_1.wav', 'yes_luis_2.wav'])
    expect(await page({ search: '%' })).toEqual([])
    expect(await page({ speakers: ['ana'], labels: [await labelId('no')] })).toHaveLength(3)
    expect(await page({ splits: [null] })).toHaveLength(12)
    expect(await page({ splits: ['test'] })).toHaveLength(0)
    const facets = await connected.client.clips.facets({ filter: { ...everything(dataset), speakers: ['ana'] } })
    expect(facets.speakers).toEqual(expect.arrayContaining([{ value: 'ana', count: 6 }, { value: 'luis', count: 6 }]))
    expect(facets.labels.map((l) => l.count)).toEqual([3, 3])
  })

  it('labels, splits, reviews and bins, each undone and redone', async () => {
    const { client } = connected
    const before = await page()
    const yes = await labelId('yes')
    const ids = before.slice(0, 2).map((c) => c.id)
    expect(await client.clips.setLabel({ clips: { dataset, ids }, label: yes })).toEqual({ changed: 2 })
    expect(await client.clips.setSplit({ clips: { filter: everything(dataset), except: ids }, split: 'train' })).toEqual({ changed: 10 })
    expect(await client.clips.setReview({ clips: { dataset, ids }, review: 'unsure' })).toEqual({ changed: 2 })
    expect(await client.clips.bin({ clips: { dataset, ids: [ids[0]!] } })).toEqual({ changed: 1 })
    expect(await page()).toHaveLength(11)
    const after = await page()
    const state = await client.history.state()
    expect(state).toMatchObject({ undo: 'delete', redo: null })
    for (let i = 0; i < 4; i++) await client.history.undo()
    expect(await page()).toEqual(before)
    for (let i = 0; i < 4; i++) await client.history.redo()
    expect(await page()).toEqual(after)
    await expect(client.history.redo()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    for (let i = 0; i < 4; i++) await client.history.undo()
  })

  it('adds and changes labels, and says what stands in the way', async () => {
    const { client } = connected
    const { id } = await client.labels.add({ dataset, name: '  maybe ' })
    await client.labels.update({ dataset, label: id, colour: '#112233', shortcut: 'm' })
    expect((await client.labels.list({ dataset })).find((l) => l.id === id)).toMatchObject({ name: 'maybe', colour: '#112233', shortcut: 'm', clips: 0 })
    await expect(client.labels.add({ dataset, name: 'maybe' })).rejects.toMatchObject({ code: 'ALREADY_EXISTS', defined: true })
    await expect(client.labels.update({ dataset, label: 9999, name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await client.datasets.rename({ dataset, name: 'wörter' })
    expect((await client.datasets.list())[0]?.name).toBe('wörter')
    for (let i = 0; i < 3; i++) await client.history.undo()
  })

  it('reorders, merges and removes labels', async () => {
    const { client } = connected
    const before = await client.labels.list({ dataset })
    const ids = before.map((l) => l.id)
    await client.labels.reorder({ dataset, labels: ids.toReversed() })
    expect((await client.labels.list({ dataset })).map((l) => l.id)).toEqual(ids.toReversed())
    await client.labels.merge({ dataset, from: ids[0]!, into: ids[1]! })
    expect(await client.labels.list({ dataset })).toMatchObject([{ id: ids[1], clips: 12 }])
    await client.labels.remove({ dataset, label: ids[1]! })
    expect(await client.labels.list({ dataset })).toEqual([])
    expect((await page()).every((c) => c.label === null)).toBe(true)
    for (let i = 0; i < 3; i++) await client.history.undo()
    expect(await client.labels.list({ dataset })).toEqual(before)
  })

  it('refuses labels and clips that the dataset does not have', async () => {
    const clip = (await page())[0]!
    await expect(connected.client.clips.setLabel({ clips: { dataset, ids: [clip.id] }, label: 4242 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(connected.client.clips.setReview({ clips: { dataset, ids: [clip.id, 4242] }, review: 'new' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(connected.client.clips.setLabel({ clips: { dataset: 4242, ids: [clip.id] }, label: null })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('opens a clip with its recording, and lists the clips of that recording', async () => {
    const { client } = connected
    const clip = (await page())[0]!
    const opened = await client.recordings.open({ clip: clip.id })
    expect(opened).toMatchObject({ dataset, clip, recording: { id: clip.recording, sampleRate: 8000, channels: 1, container: 'wav', linked: false, problem: null } })
    expect(opened.recording.frames).toBe(clip.end)
    expect(await client.recordings.clips({ dataset, recording: clip.recording, offset: 0, limit: 10 })).toEqual({ total: 1, clips: [clip] })
    expect(await client.recordings.clips({ dataset, recording: clip.recording, offset: 1, limit: 10 })).toEqual({ total: 1, clips: [] })
    await client.clips.bin({ clips: { dataset, ids: [clip.id] } })
    await expect(client.recordings.open({ clip: clip.id })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { hint: expect.stringContaining('bin') } })
    expect(await client.recordings.clips({ dataset, recording: clip.recording, offset: 0, limit: 10 })).toEqual({ total: 0, clips: [] })
    await client.history.undo()
  })

  it('lists trainings, newest first, of one dataset or of all', async () => {
    expect(await connected.client.runs.list({ dataset: null })).toEqual([])
    const made = unwrap(createRun(test.studio.services.library, { name: 'first', datasetId: dataset, config: {} }))
    const listed = [{ id: made.id, name: 'first', dataset, status: 'created', createdAt: made.createdAt, startedAt: null, finishedAt: null }]
    expect(await connected.client.runs.list({ dataset })).toEqual(listed)
    expect(await connected.client.runs.list({ dataset: null })).toEqual(listed)
    expect(await connected.client.runs.list({ dataset: dataset + 1 })).toEqual([])
  })

  it('tells watchers of every change, and lets go of them', async () => {
    // Nothing in the background may announce a change of its own.
    await test.studio.services.quality.settled()
    const stop = new AbortController()
    const revisions: number[] = []
    const watching = (async () => {
      for await (const { revision } of await connected.client.library.changes(undefined, { signal: stop.signal })) {
        revisions.push(revision)
        if (revisions.length === 1) await connected.client.clips.setReview({ clips: { dataset, ids: [(await page())[0]!.id] }, review: 'accepted' })
        if (revisions.length === 2) stop.abort()
      }
    })()
    await expect(watching).rejects.toThrow()
    expect(revisions).toHaveLength(2)
    expect(revisions[1]).toBe(revisions[0]! + 1)
    await connected.client.history.undo()
  })

  it('stops an import when its reader leaves, and what came in can be undone', async () => {
    const { here } = await connected.client.imports.open({ path: test.recordings })
    const stop = new AbortController()
    const stream = await connected.client.imports.start({ place: here.token, dataset: 'stopped', labels: { from: 'none' }, link: false }, { signal: stop.signal })
    stop.abort()
    await expect((async () => {
      for await (const event of stream) expect(event.type).toBe('progress')
    })()).rejects.toThrow()
    expect((await connected.client.datasets.list()).some((d) => d.name === 'words')).toBe(true)
  })

  it('says which value is wrong', async () => {
    await expect(connected.client.clips.page({ filter: everything(dataset), sort: { by: 'name', descending: false }, offset: 0, limit: 100_000 }))
      .rejects.toMatchObject({ code: 'INVALID', defined: true, message: expect.stringContaining('limit') })
  })
})

it('a desktop window cannot name a path', async () => {
  await using test = testStudio({ typedPaths: false })
  const [, connect] = TRANSPORTS[0]
  await using connected = await connect(test)
  await expect(connected.client.imports.open({ path: test.recordings })).rejects.toMatchObject({ code: 'PERMISSION' })
})

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { previewUrl, type Clip, type ImportEvent, type MeasureProgress } from '../../../src-contract/index.ts'
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
      // Flags come when the background has got to a clip: they have a test of their own.
    })).clips.map((clip) => ({ ...clip, flags: [] }))
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
    const request = { place: here.token, dataset: 'again', labels: { from: 'folder' }, link: true, decoded: null } as const
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

  it('marks clips as hard and carries suggestions, each undone', async () => {
    const { client } = connected
    const before = await page()
    const [first, second] = before.map((c) => c.id) as [number, number]
    const [no, yes] = [await labelId('no'), await labelId('yes')]
    const other = before[0]!.label === yes ? no : yes
    expect(await client.clips.setHard({ clips: { dataset, ids: [first, second] }, hard: true })).toEqual({ changed: 2 })
    expect((await page({ marks: ['hard'] })).map((c) => c.id)).toEqual([first, second])
    expect(await client.clips.suggest({ dataset, suggestions: [{ clip: first, label: other, probability: 0.75 }, { clip: second, label: before[1]!.label!, probability: 1 }, { clip: 4242, label: yes, probability: 1 }] })).toEqual({ changed: 1 })
    expect((await page({ marks: ['suggested'] }))[0]).toMatchObject({ id: first, label: before[0]!.label, suggestion: { label: other, probability: 0.75 } })
    expect(await client.clips.acceptSuggestions({ clips: { dataset, ids: [first, second] } })).toEqual({ changed: 1 })
    expect((await page())[0]).toMatchObject({ label: other, review: 'accepted', suggestion: null })
    await client.history.undo()
    expect(await client.clips.dropSuggestions({ dataset })).toEqual({ changed: 1 })
    for (let i = 0; i < 3; i++) await client.history.undo()
    expect(await page()).toEqual(before)
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

  it('makes, duplicates and bins datasets, each undone', async () => {
    const { client } = connected
    const names = async () => (await client.datasets.list()).map((d) => d.name)
    const { id } = await client.datasets.create({ name: 'empty' })
    await expect(client.datasets.create({ name: 'empty' })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    const copy = await client.datasets.duplicate({ dataset })
    const [, words, second] = await client.datasets.list()
    expect(second).toMatchObject({ ...words, id: copy.id, name: 'words 2' })
    await client.datasets.remove({ dataset: copy.id })
    expect(await names()).toEqual(['empty', 'words'])
    await expect(client.datasets.rename({ dataset: copy.id, name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await client.bin.summary()).toMatchObject({ clips: 12, files: 0, bytes: 0, datasets: [{ id: copy.id, name: 'words 2', clips: 12 }] })
    // The name of what is in the bin is free; restored, it comes back under another.
    await client.datasets.rename({ dataset: id, name: 'words 2' })
    await client.bin.restoreDataset({ dataset: copy.id })
    expect(await names()).toEqual(['words', 'words 2', 'words 2 2'])
    for (let i = 0; i < 5; i++) await client.history.undo()
    expect(await names()).toEqual(['words'])
  })

  it('moves clips to another dataset with their labels, and leaves what is there already', async () => {
    const { client } = connected
    const before = await page()
    const { id: to } = await client.datasets.create({ name: 'other' })
    const ids = before.filter((c) => c.name.startsWith('yes')).map((c) => c.id)
    expect(await client.clips.move({ clips: { dataset, ids }, to })).toEqual({ changed: 6, present: 0 })
    expect(await client.labels.list({ dataset: to })).toMatchObject([{ name: 'yes', clips: 6 }])
    expect((await page()).map((c) => c.id)).toEqual(before.map((c) => c.id).filter((id) => !ids.includes(id)))
    const copy = await client.datasets.duplicate({ dataset: to })
    const copies = await client.clips.ids({ filter: everything(copy.id), sort: { by: 'added', descending: false }, offset: 0, limit: 2 })
    expect(await client.clips.move({ clips: { dataset: copy.id, ids: copies }, to })).toEqual({ changed: 0, present: 2 })
    for (let i = 0; i < 3; i++) await client.history.undo()
    expect(await page()).toEqual(before)
  })

  it('previews a split, applies it, warns of leaks, and keeps a locked test set as it is', async () => {
    const { client } = connected
    const before = await page()
    const request = { group: 'speaker', seed: 3, validation: 0, test: { by: 'fraction', fraction: 0.5 } } as const
    const preview = await client.splits.preview({ dataset, request })
    expect(preview).toMatchObject({ counts: { train: 6, validation: 0, test: 6 }, speakers: { train: 1, validation: 0, test: 1 } })
    // Tones are alike: whether that was found by now is another test's business.
    const leaks = (warnings: readonly { readonly code: string }[]) => warnings.map((w) => w.code).filter((code) => code !== 'NEAR_DUPLICATE_LEAK')
    expect(leaks(preview.warnings)).toEqual([])
    expect(await client.splits.state({ dataset })).toMatchObject({ unsplit: 12, groups: { speakers: 2, sessions: 0 }, testLocked: false })
    expect((await client.splits.apply({ dataset, request })).byLabel).toEqual(preview.byLabel)
    const test = (await page({ splits: ['test'] })).map((c) => c.id)
    await client.clips.setSplit({ clips: { dataset, ids: [test[0]!] }, split: 'train' })
    expect(leaks((await client.splits.state({ dataset })).warnings)).toEqual(['SPEAKER_LEAK'])
    await client.history.undo()
    await client.splits.lockTest({ dataset, locked: true })
    const refused = { code: 'INVALID', message: expect.stringContaining('locked') }
    const train = (await page({ splits: ['train'] }))[0]!.id
    await expect(client.clips.setSplit({ clips: { dataset, ids: [test[0]!] }, split: null })).rejects.toMatchObject(refused)
    await expect(client.clips.setSplit({ clips: { dataset, ids: [train] }, split: 'test' })).rejects.toMatchObject(refused)
    await expect(client.clips.bin({ clips: { filter: everything(dataset), except: [] } })).rejects.toMatchObject(refused)
    await expect(client.splits.apply({ dataset, request: { ...request, test: { by: 'rule', where: 'take<1' } } })).rejects.toMatchObject(refused)
    await expect(client.clips.move({ clips: { dataset, ids: test }, to: (await client.datasets.create({ name: 'thief' })).id })).rejects.toMatchObject(refused)
    await client.history.undo()
    await client.splits.apply({ dataset, request: { group: null, seed: 1, validation: 0.5, test: { by: 'keep' } } })
    expect((await page({ splits: ['test'] })).map((c) => c.id)).toEqual(test)
    expect((await page({ splits: ['validation'] })).length).toBeGreaterThan(0)
    // Labels of a locked test set may be corrected; and undo goes back through the lock.
    await client.clips.setLabel({ clips: { dataset, ids: test }, label: null })
    for (let i = 0; i < 4; i++) await client.history.undo()
    expect(await page()).toEqual(before)
  })

  it('splits by a rule, and says what a rule cannot mean', async () => {
    const { client } = connected
    const rule = (where: string) => ({ dataset, request: { group: null, seed: 0, validation: 0, test: { by: 'rule', where } } }) as const
    expect((await client.splits.preview(rule('take<1'))).counts).toEqual({ train: 8, validation: 0, test: 4 })
    await expect(client.splits.preview(rule('take<'))).rejects.toMatchObject({ code: 'USAGE' })
    await expect(client.splits.preview(rule('take>99'))).rejects.toMatchObject({ code: 'INVALID' })
  })

  it('keeps filters with a name', async () => {
    const { client } = connected
    const filter = { ...everything(dataset), search: 'yes', speakers: ['ana'], seconds: { from: 0.1, to: null } }
    const { id } = await client.filters.save({ name: 'Ana says yes', filter })
    expect(await client.filters.list({ dataset })).toEqual([{ id, name: 'Ana says yes', filter }])
    await client.filters.rename({ dataset, filter: id, name: 'Ana' })
    await client.filters.save({ name: 'Ana', filter: { ...filter, search: 'no' } })
    expect(await client.filters.list({ dataset })).toMatchObject([{ id, name: 'Ana', filter: { search: 'no' } }])
    await client.filters.remove({ dataset, filter: id })
    expect(await client.filters.list({ dataset })).toEqual([])
    await expect(client.filters.remove({ dataset, filter: id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    for (let i = 0; i < 4; i++) await client.history.undo()
  })

  it('sets speakers, restores from the bin, and asks what becomes of a removed label\'s clips', async () => {
    const { client } = connected
    const before = await page()
    const ids = before.slice(0, 3).map((c) => c.id)
    expect(await client.clips.setSpeaker({ clips: { dataset, ids }, speaker: 'eva' })).toEqual({ changed: 3 })
    await client.clips.bin({ clips: { dataset, ids } })
    expect((await page({ binned: true })).map((c) => [c.id, c.speaker])).toEqual(ids.map((id) => [id, 'eva']))
    expect(await client.clips.restore({ clips: { filter: { ...everything(dataset), binned: true }, except: [ids[0]!] } })).toEqual({ changed: 2 })
    const yes = await labelId('yes')
    await client.labels.remove({ dataset, label: yes, clips: 'bin' })
    expect((await page({ binned: true })).length).toBe(7)
    for (let i = 0; i < 4; i++) await client.history.undo()
    expect(await page()).toEqual(before)
  })

  it('exports a dataset as a table and sounds, whole or not at all', async () => {
    const { client } = connected
    const { here } = await client.imports.open({ path: test.folder })
    const events = []
    for await (const event of await client.exports.dataset({ dataset, place: here.token })) events.push(event)
    const report = events.at(-1)!
    if (report.type !== 'report') throw new Error('no report')
    expect(report).toMatchObject({ clips: 12, failed: [] })
    const table = readFileSync(join(report.folder, 'clips.csv'), 'utf8').split('\r\n')
    expect(table[0]).toBe('file,label,split,speaker,session,take,review,source,seconds')
    expect(table).toHaveLength(14)
    expect(readdirSync(join(report.folder, 'yes')).sort()).toContain('yes_ana_0.wav')
    const stop = new AbortController()
    const stream = await client.exports.dataset({ dataset, place: here.token }, { signal: stop.signal })
    stop.abort()
    await expect((async () => {
      for await (const event of stream) expect(event.type).toBe('progress')
    })()).rejects.toThrow()
    await expect.poll(() => readdirSync(test.folder).filter((n) => n.endsWith('tmp'))).toEqual([])
  })

  it('refuses labels and clips that the dataset does not have', async () => {
    const clip = (await page())[0]!
    await expect(connected.client.clips.setLabel({ clips: { dataset, ids: [clip.id] }, label: 4242 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(connected.client.clips.setReview({ clips: { dataset, ids: [clip.id, 4242] }, review: 'new' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(connected.client.clips.setLabel({ clips: { dataset: 4242, ids: [clip.id] }, label: null })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('opens a clip with its recording, and lists the clips of that recording', async () => {
    const { client } = connected
    await test.studio.services.quality.settled()
    const clip = (await client.clips.page({ filter: everything(dataset), sort: { by: 'name', descending: false }, offset: 0, limit: 1 })).clips[0]!
    const opened = await client.recordings.open({ clip: clip.id })
    expect(opened).toMatchObject({ dataset, clip, place: 0, recording: { id: clip.recording, sampleRate: 8000, channels: 1, container: 'wav', linked: false, problem: null } })
    expect(opened.recording.frames).toBe(clip.end)
    expect(await client.recordings.clips({ dataset, recording: clip.recording, offset: 0, limit: 10 })).toEqual({ total: 1, clips: [clip] })
    expect(await client.recordings.clips({ dataset, recording: clip.recording, offset: 1, limit: 10 })).toEqual({ total: 1, clips: [] })
    await client.clips.bin({ clips: { dataset, ids: [clip.id] } })
    await expect(client.recordings.open({ clip: clip.id })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { hint: expect.stringContaining('bin') } })
    expect(await client.recordings.clips({ dataset, recording: clip.recording, offset: 0, limit: 10 })).toEqual({ total: 0, clips: [] })
    await client.history.undo()
  })

  it('measures a recording, and says why one cannot be', async () => {
    const { client } = connected
    const clip = (await page())[0]!
    const steps: MeasureProgress[] = []
    for await (const step of await client.recordings.measure({ recording: clip.recording })) steps.push(step)
    expect(steps.at(-1)).toEqual({ stage: 'done', done: clip.end, total: clip.end })
    await expect((async () => {
      for await (const step of await client.recordings.measure({ recording: 'a'.repeat(64) })) expect(step).toBeNull()
    })()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('lists trainings, newest first, of one dataset or of all', async () => {
    expect(await connected.client.runs.list({ dataset: null })).toEqual([])
    const made = unwrap(createRun(test.studio.services.library, { name: 'first', datasetId: dataset, config: {} }))
    const [listed] = await connected.client.runs.list({ dataset })
    expect(listed).toMatchObject({ id: made.id, name: 'first', dataset, status: 'created', createdAt: made.createdAt, startedAt: null, finishedAt: null, config: null, tags: [] })
    expect(await connected.client.runs.list({ dataset: null })).toEqual([listed])
    expect(await connected.client.runs.list({ dataset: dataset + 1 })).toEqual([])
    expect(await connected.client.runs.get({ run: made.id })).toMatchObject({ run: listed, settings: null, epochs: [] })
  })

  it('keeps what a person says of a training, and its bin', async () => {
    const { client } = connected
    const [{ id } = { id: '' }] = await client.runs.list({ dataset })
    await client.runs.annotate({ run: id, name: 'baseline', tags: [' raw ', 'raw', 'x'], note: 'first try\n', favourite: true })
    expect(await client.runs.list({ dataset })).toMatchObject([{ name: 'baseline', tags: ['raw', 'x'], note: 'first try\n', favourite: true }])
    await client.runs.remove({ run: id })
    expect(await client.runs.list({ dataset })).toEqual([])
    expect(await client.runs.binned()).toMatchObject([{ id }])
    await client.runs.restore({ run: id })
    expect(await client.runs.list({ dataset })).toMatchObject([{ id }])
    await expect(client.runs.annotate({ run: 'nothing', note: '' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('plans an experiment: what is wrong with all of it is said once, and it is not begun', async () => {
    const { client } = connected
    const { architectures, policies, settings } = await client.training.choices({ dataset })
    const axes = [
      { field: 'architecture' as const, options: architectures.slice(0, 2).map(({ name, spec }) => ({ name, value: { architecture: spec, frontEnd: null } })) },
      { field: 'augment' as const, options: policies.slice(0, 2).map(({ name, policy }) => ({ name, value: policy })) },
    ]
    const request = { base: settings, axes, method: { type: 'factorial' as const, seeds: [1, 2, 3] }, measure: 'accuracy' as const, test: 'all' as const, device: 'cpu' as const, threads: 1 }
    const plan = await client.experiments.plan({ dataset, request })
    expect(plan).toMatchObject({ trainings: 12, epochs: 12 * settings.epochs, rungs: [] })
    expect(plan.conditions.map((c) => c.values)).toEqual([[0, 0], [0, 1], [1, 0], [1, 1]])
    expect(plan.problems).toMatchObject([{ code: 'NO_SPLIT', level: 'error' }])
    await expect(client.experiments.start({ dataset, request, name: 'too early' })).rejects.toMatchObject({ code: 'INVALID', message: expect.stringContaining('split') })
    expect(await client.experiments.list()).toEqual([])
    const halving = await client.experiments.plan({
      dataset, request: { ...request, base: { ...settings, epochs: 9 }, axes: [{ field: 'rate', low: 0.001, high: 0.1, logarithmic: true, points: 3 }], method: { type: 'halving', trials: 9, seed: 0, factor: 3, fewestEpochs: 1 } },
    })
    expect(halving.rungs).toEqual([{ epochs: 1, trials: 9 }, { epochs: 3, trials: 3 }, { epochs: 9, trials: 1 }])
    expect(halving.epochs).toBe(9 + 3 * 2 + 6)
    const wrong = await client.experiments.plan({ dataset, request: { ...request, axes: [{ field: 'rate', low: 1, high: 0.1, logarithmic: true, points: 3 }] } })
    expect(wrong.problems).toMatchObject([{ level: 'error', message: expect.stringContaining('below') }])
    await expect(client.experiments.get({ experiment: 'nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('plans a training: what is wrong with it, and its network, layer by layer', async () => {
    const { client } = connected
    const choices = await client.training.choices({ dataset })
    expect(choices.architectures.map((a) => a.name)).toContain('lenet5')
    expect(choices.frontEnds.find((f) => f.name === 'logmel-64x64')!.config).toMatchObject({ sampleRate: 8000 })
    const unsplit = await client.training.plan({ dataset, settings: choices.settings })
    expect(unsplit.problems).toMatchObject([{ code: 'NO_SPLIT', level: 'error', field: 'dataset' }, { code: 'CLIPS_PADDED' }].slice(0, unsplit.problems.length))
    expect(unsplit.network).toMatchObject({ input: [1, 64, 64], layers: expect.arrayContaining([expect.objectContaining({ name: 'conv1', parameters: 156 })]) })
    const odd = await client.training.plan({ dataset, settings: { ...choices.settings, epochs: 0, schedule: { type: 'oneCycle', rate: -1 } } })
    expect(odd.problems.filter((p) => p.code === 'SETTING_INVALID').map((p) => p.field)).toEqual(['schedule', 'epochs'])
    const tall = await client.training.plan({ dataset, settings: { ...choices.settings, architecture: { ...choices.settings.architecture, layers: [{ type: 'conv2d', filters: 4, kernel: 99 }] } } })
    expect(tall.problems.find((p) => p.code === 'SHAPE_MISMATCH')).toMatchObject({ level: 'error', field: 'architecture', message: expect.stringContaining('conv1') })
    await expect(client.training.start({ dataset, settings: choices.settings, device: 'cpu', threads: 1, name: null, test: true })).rejects.toMatchObject({ code: 'INVALID', message: expect.stringContaining('split') })
    await expect(client.training.plan({ dataset: 4242, settings: choices.settings })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('trains, tells how it goes, ends, and gives curves, measures and predictions', async () => {
    const { client } = connected
    const ids = (await page()).map((c) => c.id)
    await client.clips.setSplit({ clips: { dataset, ids }, split: 'train' })
    await client.clips.setSplit({ clips: { dataset, ids: ids.filter((_, i) => i % 3 === 0) }, split: 'validation' })
    const { settings } = await client.training.choices({ dataset })
    const request = { dataset, settings: { ...settings, epochs: 5000, batch: 4 }, device: 'cpu', threads: 1 } as const
    expect(await client.training.estimate(request)).toMatchObject({ device: 'cpu', threads: 1, seconds: { low: expect.any(Number) } })
    const { run } = await client.training.start({ ...request, name: 'live', test: true })
    const seen: string[] = []
    for await (const { current } of await client.training.watch()) {
      if (current) seen.push(current.phase)
      if (current?.epoch && current.worst && current.logged > 0 && current.phase === 'training') await client.training.end({ run })
      if (current === null && seen.length > 0) break
    }
    expect(seen).toEqual(expect.arrayContaining(['training', 'stopping', 'evaluating']))
    const detail = await client.runs.get({ run })
    expect(detail.run).toMatchObject({ name: 'live', status: 'finished', config: { architecture: 'lenet5', batch: 4, clips: { train: 8, validation: 4, test: 0 } } })
    expect(detail.validation).toMatchObject({ clips: 4, classes: ['no', 'yes'], confusion: [[expect.any(Number), expect.any(Number)], [expect.any(Number), expect.any(Number)]] })
    expect(detail.test).toBeNull()
    expect(detail.settings).toMatchObject({ epochs: 5000, architecture: { name: 'lenet5' } })
    const curves = await client.runs.curves({ run, points: 100, layers: true })
    expect(curves.map((c) => c.name)).toEqual(expect.arrayContaining(['train.loss', 'validation.accuracy', 'learningRate', 'gradient.conv1']))
    expect(curves.every((c) => c.x.length <= 100 && c.x.length === c.y.length)).toBe(true)
    const predictions = await client.runs.predictions({ run, split: 'validation' })
    expect(await client.review.clips({ dataset, ids: predictions.id })).toMatchObject(predictions.id.map((id) => ({ id, split: 'validation' })))
    expect((await client.runs.predictions({ run, split: 'test' })).id).toEqual([])
    const scores = await client.inspection.scores({ run, split: 'validation' })
    expect(scores).toMatchObject({ labels: ['no', 'yes'], id: predictions.id, label: predictions.label, predicted: predictions.predicted, present: [true, true, true, true], calibration: { test: null } })
    const bytes = await (await test.studio.answer(new Request(`http://x${previewUrl(scores.probabilities)}`))).arrayBuffer()
    const probabilities = new Float32Array(bytes)
    expect(scores.label.map((label, i) => probabilities[2 * i + label])).toEqual(predictions.truth)
    const { before: unscaled, after: scaled } = scores.calibration!.validation
    expect(scaled.negativeLogLikelihood).toBeLessThanOrEqual(unscaled.negativeLogLikelihood + 1e-6)
    // What a person corrects is told apart from what the run was trained with, and taken back with it.
    expect(await client.inspection.corrections({ run })).toEqual({ relabelled: 0, removed: 0, added: 0, changed: 0 })
    const [first, second, third] = ids as [number, number, number]
    const other = (await page()).find((c) => c.id === first)!.label === (await labelId('yes')) ? 'no' : 'yes'
    await client.clips.setLabel({ clips: { dataset, ids: [first] }, label: await labelId(other) })
    await client.clips.bin({ clips: { dataset, ids: [second] } })
    await client.clips.setSplit({ clips: { dataset, ids: [third] }, split: 'test' })
    expect(await client.inspection.corrections({ run })).toEqual({ relabelled: 1, removed: 1, added: 0, changed: 1 })
    for (let i = 0; i < 3; i++) await client.history.undo()
    expect(await client.inspection.corrections({ run })).toEqual({ relabelled: 0, removed: 0, added: 0, changed: 0 })
    await expect(client.inspection.scores({ run: 'nothing', split: 'test' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    // Ended by the person, it can go on; with more epochs too.
    await client.training.resume({ run, epochs: 5001 })
    await client.training.pause({ run })
    for await (const { current } of await client.training.watch()) if (current === null) break
    expect((await client.runs.get({ run })).run.status).toBe('stopped')
    await expect(client.training.end({ run })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await client.training.hold()
    await client.training.proceed()
  })

  it('creates, places, splits and merges regions, and takes all of it back', async () => {
    const { client } = connected
    const before = await page()
    const clip = before[0]!
    const { recording } = clip
    const label = await labelId('yes')
    const { ids } = await client.regions.create({ dataset, recording, spans: [{ start: 100, end: 900, band: { low: 50, high: 2000 } }, { start: 950, end: 1000 }], label })
    expect(ids).toHaveLength(2)
    const [first, second] = ids as [number, number]
    await client.regions.place({ dataset, clip: first, start: 200, end: 800, gesture: 'drag' })
    await client.regions.place({ dataset, clip: first, start: 210, end: 800, gesture: 'drag' })
    const { ids: parts } = await client.regions.split({ dataset, clip: first, at: 500 })
    await client.regions.merge({ dataset, clips: [parts[1], second] })
    await client.regions.setEdits({ clips: { dataset, ids: [first] }, edits: [{ kind: 'fade-in', ms: 3, curve: 'linear' }, { kind: 'gain', db: 2 }] })
    const { clips } = await client.recordings.clips({ dataset, recording, offset: 0, limit: 100 })
    expect(clips).toMatchObject([
      { id: clip.id, band: null, edits: [] },
      { id: first, start: 210, end: 500, label, band: { low: 50, high: 2000 }, edits: [{ kind: 'gain', db: 2 }, { kind: 'fade-in' }], speaker: clip.speaker },
      { id: parts[1], start: 500, end: 1000, label },
    ])
    await expect(client.regions.create({ dataset, recording, spans: [{ start: 210, end: 500 }], label: null })).rejects.toMatchObject({ code: 'ALREADY_EXISTS', defined: true })
    await expect(client.regions.place({ dataset, clip: first, start: 210, end: 1_000_000 })).rejects.toMatchObject({ code: 'INVALID', message: expect.stringContaining('not inside the recording') })
    for (let i = 0; i < 5; i++) await client.history.undo()
    expect(await page()).toEqual(before)
  })

  it('finds sounds and places to cut', async () => {
    const { recording, end } = (await page({ search: 'no_ana_2' }))[0]!
    const settings = { threshold: -30, relative: false, minSound: 0, minSilence: 0, padding: 0, maxLength: null }
    const found = await connected.client.regions.segment({ recording, settings })
    expect(found).toMatchObject({ spans: [{ start: 0, end }], found: 1, threshold: -30 })
    const { spans: parts } = await connected.client.regions.segment({ recording, settings: { ...settings, maxLength: 0.1 } })
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.every((part, i) => part.start === (parts[i - 1]?.end ?? 0) && part.end - part.start <= 800)).toBe(true)
    expect(parts.at(-1)!.end).toBe(end)
    expect((await connected.client.regions.segment({ recording, settings: { ...settings, threshold: -1 } })).spans).toEqual([])
    // 214 Hz at 8 kHz: a crossing every 18.7 samples.
    expect(await connected.client.regions.snap({ recording, at: 40, to: 'zero' })).toEqual({ at: 38 })
    expect((await connected.client.regions.snap({ recording, at: 1e9, to: 'silence' })).at).toBeLessThanOrEqual(end)
    await expect(connected.client.regions.segment({ recording: '0'.repeat(64), settings })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('queues clips for review, takes decisions, and takes them back', async () => {
    const { client } = connected
    const sort = { by: 'name', descending: true } as const
    const before = await page()
    const { total, ids } = await client.review.queue({ filter: everything(dataset), sort, waiting: 'new' })
    expect([total, ids]).toEqual([12, before.toReversed().map((c) => c.id)])
    expect(await client.review.queue({ filter: everything(dataset), sort, waiting: 'unlabelled' })).toEqual({ total: 0, ids: [] })
    const [clip] = await client.review.clips({ dataset, ids: [ids[3]!, 4242] })
    expect({ ...clip!, flags: [] }).toEqual(before.find((c) => c.id === ids[3]))
    const no = await labelId('no')
    const decided = await client.review.decide({ dataset, clip: clip!.id, decision: { label: no, review: 'accepted' } })
    expect(decided.before).toEqual({ label: clip!.label, review: 'new' })
    expect((await client.review.clips({ dataset, ids: [clip!.id] }))[0]).toMatchObject({ label: no, review: 'accepted' })
    expect((await client.review.queue({ filter: everything(dataset), sort, waiting: 'new' })).ids).not.toContain(clip!.id)
    await client.review.takeBack({ dataset, clip: clip!.id, decided })
    expect(await page()).toEqual(before)
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
    const stream = await connected.client.imports.start({ place: here.token, dataset: 'stopped', labels: { from: 'none' }, link: false, decoded: null }, { signal: stop.signal })
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

it('empties the bin: files that nothing refers to go, and what is left can still be undone', async () => {
  await using test = testStudio()
  const [, connect] = TRANSPORTS[0]
  await using connected = await connect(test)
  const { client } = connected
  const dataset = await importWords(client, test.recordings)
  const sort = { by: 'name', descending: false } as const
  const { clips } = await client.clips.page({ filter: everything(dataset), sort, offset: 0, limit: 12 })
  const media = (id: string) => join(test.folder, 'library', 'media', id.slice(0, 2), `${id}.wav`)
  await client.datasets.duplicate({ dataset })
  await client.clips.bin({ clips: { dataset, ids: clips.slice(0, 5).map((c) => c.id) } })
  // The copy still refers to them.
  expect(await client.bin.summary()).toMatchObject({ clips: 5, files: 0 })
  await client.datasets.remove({ dataset: (await client.datasets.list()).find((d) => d.id !== dataset)!.id })
  const summary = await client.bin.summary()
  expect(summary).toMatchObject({ clips: 17, files: 5, datasets: [{ name: 'words 2' }] })
  await client.clips.setReview({ clips: { dataset, ids: [clips[9]!.id] }, review: 'accepted' })
  expect(await client.bin.empty()).toEqual({ clips: 17, files: 5, bytes: summary.bytes })
  expect(clips.map((c) => existsSync(media(c.recording)))).toEqual([...Array<boolean>(5).fill(false), ...Array<boolean>(7).fill(true)])
  expect(await client.bin.summary()).toEqual({ clips: 0, datasets: [], files: 0, bytes: 0 })
  await client.history.undo()
  expect((await client.clips.page({ filter: everything(dataset), sort, offset: 0, limit: 12 })).clips.every((c) => c.review === 'new')).toBe(true)
  expect(test.bugs).toEqual([])
})

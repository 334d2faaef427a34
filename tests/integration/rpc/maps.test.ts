import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { previewUrl, type MapEvent } from '../../../src-contract/index.ts'
import { everything, importWords, testStudio, TRANSPORTS, type Connected, type TestStudio } from '../../support/studio.ts'

// What differs between transports is in the conformance suite and the fuzz of every call; this runs over one.
describe.each(TRANSPORTS.slice(1))('maps of clips over a %s', (_, connect) => {
  let test: TestStudio
  let connected: Connected
  let dataset = 0
  const bytes = async (key: string): Promise<ArrayBuffer> => {
    const response = await test.studio.answer(new Request(`http://studio${previewUrl(key)}`))
    expect(response.status).toBe(200)
    return await response.arrayBuffer()
  }
  beforeAll(async () => {
    test = testStudio()
    connected = await connect(test)
    dataset = await importWords(connected.client, test.recordings)
  })
  afterAll(async () => {
    await connected[Symbol.asyncDispose]()
    await test[Symbol.asyncDispose]()
    expect(test.bugs).toEqual([])
  })

  it('streams progress and closes with one map, its numbers at media addresses', async () => {
    const events: MapEvent[] = []
    const stream = await connected.client.maps.make({ dataset, of: { kind: 'features', frontEnd: 'logmel-64x64' }, reduction: { method: 'umap', neighbours: 5, minDist: 0.1, seed: 1 } })
    for await (const event of stream) events.push(event)
    const map = events.at(-1)!
    expect(events.filter((e) => e.type === 'map')).toHaveLength(1)
    if (map.type !== 'map') throw new Error('the last event is the map')
    expect(map).toMatchObject({ clips: 12, skipped: 0, layer: null })
    const { clips } = await connected.client.clips.page({ filter: everything(dataset), sort: { by: 'added', descending: false }, offset: 0, limit: 100 })
    expect([...new Int32Array(await bytes(map.ids))]).toEqual(clips.map((c) => c.id))
    expect([...new Float32Array(await bytes(map.positions))].filter(Number.isFinite)).toHaveLength(24)
  })

  it('gives what clips are coloured by', async () => {
    const { client } = connected
    const [first] = (await client.clips.page({ filter: everything(dataset), sort: { by: 'added', descending: false }, offset: 0, limit: 1 })).clips
    await client.clips.setSplit({ clips: { dataset, ids: [first!.id] }, split: 'test' })
    await client.clips.setSpeaker({ clips: { dataset, ids: [first!.id] }, speaker: null })
    const { clips, columns, speakers } = await client.maps.clips({ dataset })
    expect(clips).toBe(12)
    expect([...speakers].sort()).toEqual(['ana', 'luis'])
    const values = new Int32Array(await bytes(columns))
    expect([...values.subarray(0, 4)]).toEqual([first!.id, first!.label, 3, -1])
    for (let i = 1; i < 12; i++) expect(['ana', 'luis']).toContain(speakers[values[4 * i + 3]!])
    await client.history.undo()
    await client.history.undo()
  })

  it('says what is not there', async () => {
    await expect(connected.client.maps.clips({ dataset: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const stream = await connected.client.maps.make({ dataset, of: { kind: 'layer', run: 'none', layer: null }, reduction: { method: 'pca' } })
    await expect(stream.next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const elsewhere = await connected.client.maps.make({ dataset: 99, of: { kind: 'features', frontEnd: 'logmel-64x64' }, reduction: { method: 'pca' } })
    await expect(elsewhere.next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

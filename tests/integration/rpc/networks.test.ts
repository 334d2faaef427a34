import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { previewUrl, type BackpropagationRequest, type OcclusionEvent } from '../../../src-contract/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { createTrainingRun, trainRun } from '../../../src-main/runs/index.ts'
import { SETTINGS } from '../training-data.ts'
import { everything, importWords, testStudio, TRANSPORTS, type Connected, type TestStudio } from '../../support/studio.ts'

// What differs between transports is in the conformance suite and the fuzz of every call; this runs over one.
describe.each(TRANSPORTS.slice(1))('inside a network over a %s', (_, connect) => {
  let test: TestStudio
  let connected: Connected
  let run = ''
  let clip = 0
  const numbers = async (key: string): Promise<Float32Array> => {
    const response = await test.studio.answer(new Request(`http://studio${previewUrl(key)}`))
    expect(response.status).toBe(200)
    return new Float32Array(await response.arrayBuffer())
  }
  beforeAll(async () => {
    test = testStudio()
    connected = await connect(test)
    const dataset = await importWords(connected.client, test.recordings)
    await connected.client.clips.setSplit({ clips: { filter: everything(dataset), except: [] }, split: 'train' })
    const { library } = test.studio.services
    run = unwrap(await createTrainingRun(library, { dataset: 'words', settings: { ...SETTINGS, epochs: 1 }, device: 'cpu', threads: 1 })).id
    unwrap(await trainRun(library, run))
    clip = (await connected.client.clips.page({ filter: everything(dataset), sort: { by: 'added', descending: false }, offset: 0, limit: 1 })).clips[0]!.id
  })
  afterAll(async () => {
    await connected[Symbol.asyncDispose]()
    await test[Symbol.asyncDispose]()
    expect(test.bugs).toEqual([])
  })

  it('shows a clip on its way through, numbers at media addresses', async () => {
    const { client } = connected
    const inside = await client.networks.layers({ run })
    expect(inside.labels).toEqual(['no', 'yes'])
    const look = await client.networks.look({ run, clip, class: null, layer: null })
    expect(look.layers.map((l) => l.path)).toEqual(inside.layers.map((l) => l.path))
    expect((await numbers(look.features)).length).toBe(inside.input.reduce((a, b) => a * b, 1))
    for (const layer of look.layers) expect((await numbers(layer.values)).length).toBe(layer.shape.reduce((a, b) => a * b, 1))
    expect((await numbers(look.gradCam!.values)).length).toBe(inside.input[1]! * inside.input[2]!)
    const conv = inside.layers.find((l) => l.filters !== null)!
    const filters = await client.networks.filters({ run, layer: conv.path })
    expect((await numbers(filters.values)).length).toBe(conv.filters!.reduce((a, b) => a * b, 1))
  })

  it('covers it patch by patch, with progress', async () => {
    const events: OcclusionEvent[] = []
    for await (const event of await connected.client.networks.occlude({ run, clip, class: 0, size: [4, 4], stride: [4, 4] })) events.push(event)
    const map = events.at(-1)!
    if (map.type !== 'map') throw new Error('the last event is the map')
    expect((await numbers(map.values)).length).toBe(map.height * map.width)
  })

  it('gives gradients of a batch, and of a small network every number', async () => {
    const report = await connected.client.networks.gradients({ run, clips: 8 })
    expect(report.clips).toBe(8)
    const request = { network: { kind: 'dense', inputs: 2, hidden: [2], outputs: 2 }, activation: 'sigmoid', loss: 'squared', learningRate: 0.5, seed: 1, target: 0, steps: 0 } satisfies BackpropagationRequest
    expect((await connected.client.networks.backpropagate(request)).lossAfter).toBeGreaterThan(0)
    await expect(connected.client.networks.backpropagate({ ...request, target: 3 })).rejects.toMatchObject({ code: 'INVALID', defined: true })
  })

  it('says what is not there', async () => {
    await expect(connected.client.networks.look({ run, clip: 999, class: null, layer: null })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(connected.client.networks.layers({ run: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

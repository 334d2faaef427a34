import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src-contract/index.ts'
import { FRONT_ENDS } from '../../../src-main/features/index.ts'
import { importWords, testStudio, TRANSPORTS, type Connected, type TestStudio } from '../../support/studio.ts'

describe.each(TRANSPORTS)('architectures over a %s', (_, connect) => {
  let test: TestStudio
  let connected: Connected
  let dataset = 0
  const frontEnd = JSON.parse(JSON.stringify(FRONT_ENDS['logmel-64x64'])) as JsonObject
  const own = async () => (await connected.client.training.choices({ dataset })).architectures.filter((a) => a.own).map((a) => a.name)
  const builtIn = async (name: string): Promise<JsonObject> => (await connected.client.training.choices({ dataset })).architectures.find((a) => a.name === name)!.spec

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

  it('tells the layer types, and describes one that is being written', async () => {
    const { types, activations } = await connected.client.architectures.types()
    expect(types.find((t) => t.type === 'conv2d')?.fields.map((f) => f.name)).toContain('kernel')
    expect(activations).toContain('leaky-relu')
    const architecture = await builtIn('lenet5')
    expect(await connected.client.architectures.describe({ architecture, frontEnd, classes: 10 })).toMatchObject({ input: [1, 64, 64], valid: true, problems: [] })
    const layers = architecture['layers'] as JsonObject[]
    const broken = { ...architecture, layers: layers.with(3, { ...layers[3]!, kernel: 99 }) }
    const { rows, valid } = await connected.client.architectures.describe({ architecture: broken, frontEnd, classes: 10 })
    expect(valid).toBe(false)
    expect(rows.filter((r) => r.problem)).toMatchObject([{ place: [3], path: 'conv2', problem: { code: 'KERNEL_TOO_LARGE', values: { kernel: '99×99', input: '32×32' } } }])
    await expect(connected.client.architectures.describe({ architecture, frontEnd: {}, classes: 10 })).rejects.toMatchObject({ code: 'INVALID' })
  })

  it('puts another activation in, and names those there are', async () => {
    const architecture = await builtIn('lenet5')
    const { architecture: changed } = await connected.client.architectures.activation({ architecture, activation: 'tanh' })
    expect((changed['layers'] as JsonObject[]).filter((l) => l['type'] === 'tanh')).toHaveLength(4)
    await expect(connected.client.architectures.activation({ architecture, activation: 'sine' })).rejects.toMatchObject({ code: 'INVALID', data: { hint: expect.stringContaining('relu') as string } })
    await expect(connected.client.architectures.activation({ architecture: {}, activation: 'tanh' })).rejects.toMatchObject({ code: 'INVALID' })
  })

  it('keeps one under a name, replaces and removes it, each undone; those of Espectro stay', async () => {
    const { client } = connected
    const architecture = { ...(await builtIn('mlp')), name: 'small-net', title: 'Small' }
    await client.architectures.save({ architecture })
    expect(await own()).toEqual(['small-net'])
    await client.architectures.save({ architecture: { ...architecture, title: 'Smaller' } })
    const titles = async () => (await client.training.choices({ dataset })).architectures.filter((a) => a.own).map((a) => a.title)
    expect(await titles()).toEqual(['Smaller'])
    await client.history.undo()
    expect(await titles()).toEqual(['Small'])
    await client.architectures.remove({ name: 'small-net' })
    expect(await own()).toEqual([])
    expect(await client.history.state()).toMatchObject({ undo: 'remove architecture' })
    await client.history.undo()
    expect(await own()).toEqual(['small-net'])
    await client.history.undo()
    expect(await own()).toEqual([])
    await expect(client.architectures.save({ architecture: await builtIn('mlp') })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    await expect(client.architectures.save({ architecture: { name: 'x' } })).rejects.toMatchObject({ code: 'INVALID' })
    await expect(client.architectures.remove({ name: 'mlp' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

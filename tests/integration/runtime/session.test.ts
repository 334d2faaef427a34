import { fork } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AppError, unwrap } from '../../../src-main/kit/index.ts'
import * as nn from '../../../src-main/nn/index.ts'
import { createSession, floats, livingSessions, scalar, tensor } from '../../../src-main/runtime/index.ts'
import { hasSoftwareVulkan, softwareVulkanEnv, withoutSoftwareVulkan } from './software-vulkan.ts'
import type { ResidentReport } from './resident-state-process.ts'

/** y = x·w, s = Σy, for a batch of any size. */
function productModel(): Uint8Array {
  const g = new nn.Graph()
  const y = nn.linear(g, g.input('x', ['N', 2]), g.input('w', [2, 3]), null)
  g.output('y', y)
  g.output('s', g.op('ReduceSum', [y], { keepdims: 0 }, { shape: [] }))
  return nn.toOnnx(g)
}

const w = tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])
const open = async () => unwrap(await createSession(productModel(), { device: 'cpu', threads: 1 }))

async function refusal(work: Promise<unknown>): Promise<AppError> {
  const problem = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(problem).toBeInstanceOf(AppError)
  return problem as AppError
}

describe('a session', () => {
  it('tells its inputs and outputs, runs with any batch, and computes only what is wanted', async () => {
    await using session = await open()
    expect(session.inputs).toEqual([
      { name: 'x', shape: ['N', 2], dtype: 'float32' },
      { name: 'w', shape: [2, 3], dtype: 'float32' },
    ])
    expect(session.outputs.map((o) => o.name)).toEqual(['y', 's'])
    for (const n of [1, 4]) {
      const results = await session.run({ x: tensor(new Float32Array(2 * n).fill(1), [n, 2]), w })
      expect(results['y']!.shape).toEqual([n, 3])
      expect(floats(results['y']!).subarray(0, 3)).toEqual(Float32Array.of(5, 7, 9))
      expect(floats(results['s']!)[0]).toBe(21 * n)
    }
    expect(Object.keys(await session.run({ x: tensor(Float32Array.of(0, 1), [1, 2]), w }, ['s']))).toEqual(['s'])
  })

  it('writes into given tensors, in shared memory too', async () => {
    await using session = await open()
    for (const memory of [new ArrayBuffer(64), new SharedArrayBuffer(64)]) {
      const [y, s] = [new Float32Array(memory, 4, 3), new Float32Array(memory, 32, 1)]
      const places = { y: tensor(y, [1, 3]), s: tensor(s, []) }
      for (const first of [1, -2]) {
        const results = await session.run({ x: tensor(Float32Array.of(first, 1), [1, 2]), w }, places)
        expect([...y]).toEqual([first + 4, 2 * first + 5, 3 * first + 6])
        expect(s[0]).toBe(6 * first + 15)
        expect(results).toEqual(places)
      }
      expect(Object.keys(await session.run({ x: tensor(Float32Array.of(0, 1), [1, 2]), w }, { y: places.y }))).toEqual(['y'])
      expect([...y]).toEqual([4, 5, 6])
    }
  })

  it('takes its outputs as inputs again, and reads them', async () => {
    const g = new nn.Graph()
    g.output('next', nn.scale(g, g.input('state', [2]), 2))
    await using session = unwrap(await createSession(nn.toOnnx(g), { device: 'cpu', keepOnDevice: ['next'] }))
    let state = tensor(Float32Array.of(1, -3), [2])
    for (let i = 0; i < 10; i++) state = (await session.run({ state }))['next']!
    expect(floats((await session.read({ state }))['state']!)).toEqual(Float32Array.of(1024, -3072))
  })

  it.each([
    ['an input left out', { w }, '"x" was not given'],
    ['an input too many', { x: scalar(1), w, z: w }, 'no input "z"'],
    ['a wrong shape', { x: tensor(new Float32Array(3), [1, 3]), w }, '"x" takes float32 [N, 2], not float32 [1, 3]'],
    ['a wrong type', { x: tensor(new Int32Array(2), [1, 2]), w }, 'not int32 [1, 2]'],
  ])('refuses %s', async (_, feeds, message) => {
    await using session = await open()
    const error = await refusal(session.run(feeds as Record<string, typeof w>))
    expect(error.code).toBe('INVALID')
    expect(error.message).toContain(message)
  })

  it('turns a failure within the model into an AppError, and goes on', async () => {
    const g = new nn.Graph()
    g.output('y', g.op('Reshape', [g.input('x', ['N']), g.input('shape', [2], 'int64')], {}, { shape: ['A', 'B'] }))
    await using session = unwrap(await createSession(nn.toOnnx(g), { device: 'cpu' }))
    const x = tensor(new Float32Array(6), [6])
    const error = await refusal(session.run({ x, shape: tensor(BigInt64Array.of(4n, 2n), [2]) }))
    expect(error.code).toBe('MODEL_INVALID')
    expect(error.message).toContain('failed while running on cpu')
    expect((await session.run({ x, shape: tensor(BigInt64Array.of(3n, 2n), [2]) }))['y']!.shape).toEqual([3, 2])
  })

  it.each([
    ['no bytes', new Uint8Array()],
    ['noise', Uint8Array.from({ length: 500 }, (_, i) => (i * 37) % 256)],
    ['half a model', productModel().subarray(0, 60)],
  ])('does not load %s', async (_, bytes) => {
    const created = await createSession(bytes, { device: 'cpu' })
    expect(created.ok).toBe(false)
    if (!created.ok) expect(created.error.code).toBe('MODEL_INVALID')
  })

  it('is counted while it lives', async () => {
    const before = livingSessions()
    const sessions = await Promise.all([open(), open(), open()])
    expect(livingSessions()).toBe(before + 3)
    for (const session of sessions) {
      await session[Symbol.asyncDispose]()
      await session[Symbol.asyncDispose]()
    }
    expect(livingSessions()).toBe(before)
    await expect(sessions[0]!.run({})).rejects.toThrow('disposed')
  })

  it('gives the memory back: created, run and disposed many times', async () => {
    const g = new nn.Graph()
    g.output('y', nn.matMul(g, g.input('x', [256, 1024]), g.constant(new Float32Array(1024 * 1024).fill(0.5), [1024, 1024])))
    const model = nn.toOnnx(g)
    const x = tensor(new Float32Array(256 * 1024).fill(1), [256, 1024])
    const cycle = async () => {
      await using session = unwrap(await createSession(model, { device: 'cpu', threads: 1 }))
      expect(floats((await session.run({ x }))['y']!)[0]).toBe(512)
    }
    for (let i = 0; i < 5; i++) await cycle()
    const before = process.memoryUsage.rss()
    for (let i = 0; i < 40; i++) await cycle()
    // Each cycle holds more than 8 MB: forty leaked ones would be 320 MB.
    expect(process.memoryUsage.rss() - before).toBeLessThan(120e6)
  })

  it('on the same threads gives the same bits', async () => {
    const g = new nn.Graph()
    g.output('y', nn.softmax(g, nn.matMul(g, g.input('x', [64, 300]), g.input('w', [300, 50]))))
    const model = nn.toOnnx(g)
    const feeds = {
      x: tensor(Float32Array.from({ length: 64 * 300 }, (_, i) => Math.sin(i)), [64, 300]),
      w: tensor(Float32Array.from({ length: 300 * 50 }, (_, i) => Math.cos(i * 0.7)), [300, 50]),
    }
    const results: Float32Array[] = []
    for (let i = 0; i < 2; i++) {
      await using session = unwrap(await createSession(model, { device: 'cpu', threads: 2 }))
      results.push(floats((await session.run(feeds))['y']!).slice())
    }
    expect(results[1]).toEqual(results[0])
  })
})

describe.skipIf(!hasSoftwareVulkan)(`state on the device${hasSoftwareVulkan ? '' : `: skipped, ${withoutSoftwareVulkan}`}`, () => {
  it('stays there between steps, is read through a session, and is given back', async () => {
    const { promise, resolve, reject } = Promise.withResolvers<ResidentReport>()
    const child = fork(join(import.meta.dirname, 'resident-state-process.ts'), [], {
      env: softwareVulkanEnv,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    child.once('message', (report: ResidentReport) => resolve(report))
    child.once('exit', (code, signal) => reject(new Error(`the WebGPU process ended: ${signal ?? code}`)))
    const report = await promise
    expect(report.locations).toEqual(['device', 'device', 'device'])
    expect(report.sums).toEqual([6, 9, 12])
    expect(report.read).toEqual([4, 5, 6])
    expect(report.readAgain).toEqual([4, 5, 6])
    expect(report.refused).toContain('session.read')
    expect(report.living).toBe(0)
  })
})

import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMetricsReader } from '../../src-main/runs/index.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-curves-'))
  path = join(folder, 'metrics.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const step = (n: number, loss = 1 / n) =>
  `${JSON.stringify({ type: 'step', step: n, epoch: 1, loss, accuracy: 0.5, learningRate: 0.01, gradientNorm: 2, gradientNorms: { conv1: 1.5, linear1: 0.5 } })}\n`
const epoch = (n: number) => `${JSON.stringify({ type: 'epoch', epoch: 1, step: n, loss: 1, accuracy: 0.5, validation: { loss: 0.7, accuracy: 0.6 }, learningRate: 0.01, seconds: 1 })}\n`
const all = { points: 5000, layers: true }

describe('curves of a metrics log', () => {
  it('are none where there is no log', async () => {
    expect(await createMetricsReader().read(path, all)).toEqual([])
  })

  it('come by name, gradients of layers where they are asked for', async () => {
    writeFileSync(path, step(1) + step(2) + epoch(2))
    const reader = createMetricsReader()
    const curves = await reader.read(path, all)
    expect(curves.map((c) => c.name)).toEqual(['train.loss', 'train.accuracy', 'learningRate', 'gradientNorm', 'gradient.conv1', 'gradient.linear1', 'validation.loss', 'validation.accuracy'])
    expect(curves[0]).toEqual({ name: 'train.loss', x: [1, 2], y: [1, 0.5], total: 2 })
    expect((await reader.read(path, { ...all, layers: false })).some((c) => c.name.startsWith('gradient.'))).toBe(false)
  })

  it('grow with the log, a torn line when it is whole, and also when several ask at once', async () => {
    const reader = createMetricsReader()
    writeFileSync(path, step(1))
    const line = step(2)
    await reader.read(path, all)
    appendFileSync(path, line.slice(0, 20))
    expect((await reader.read(path, all))[0]!.x).toEqual([1])
    appendFileSync(path, line.slice(20) + step(3))
    const answers = await Promise.all([reader.read(path, all), reader.read(path, all), reader.read(path, all)])
    for (const [loss] of answers) expect(loss!.x).toEqual([1, 2, 3])
  })

  it('begin anew where the log was written afresh', async () => {
    const reader = createMetricsReader()
    writeFileSync(path, step(1) + step(2) + step(3))
    await reader.read(path, all)
    const fresh = join(folder, 'fresh')
    writeFileSync(fresh, step(1) + step(2, 9) + step(3, 8) + step(4, 7))
    renameSync(fresh, path)
    expect((await reader.read(path, all))[0]).toMatchObject({ x: [1, 2, 3, 4], y: [1, 9, 8, 7] })
  })

  it('are drawn with fewer points than the log has', async () => {
    writeFileSync(path, Array.from({ length: 10_000 }, (_, i) => step(i + 1, i === 5000 ? 99 : 1)).join(''))
    const [loss] = await createMetricsReader().read(path, { points: 400, layers: false })
    expect(loss!.total).toBe(10_000)
    expect(loss!.x.length).toBeLessThanOrEqual(400)
    expect(Math.max(...loss!.y)).toBe(99)
  })
})

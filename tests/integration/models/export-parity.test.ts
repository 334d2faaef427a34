import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { FRONT_ENDS } from '../../../src-main/features/index.ts'
import { ALLOWED_OPERATORS, exportModel, inspectModel, loadModel, verifyExport } from '../../../src-main/models/index.ts'
import { createSession, floats, livingSessions, tensor } from '../../../src-main/runtime/index.ts'
import { exportInput, labels, pairs, sound, testedArchitectures } from './parts.ts'

const all = pairs()

describe('the exported file against the training graph', () => {
  it('every architecture and every front end has a pair', () => {
    const names = all.map((p) => p.name).join('\n')
    for (const { name } of testedArchitectures) expect(names).toContain(`${name} on `)
    for (const name of Object.keys(FRONT_ENDS)) expect(names).toContain(` on ${name}`)
  })

  it.each(all)('$name: same probabilities', async ({ input }) => {
    const bytes = unwrap(exportModel(input))
    const rate = input.frontEnd.sampleRate
    // Shorter than the clip, exactly as long, longer, and one sample.
    const clip = Math.round(input.frontEnd.clip.seconds * rate) / rate
    const waveforms = [0.31, clip, 1.7].map((seconds, i) => sound(seconds, rate, i))
    const compared = unwrap(await verifyExport(bytes, input, [...waveforms, Float32Array.of(0.5)]))
    expect(compared.compared).toBe(4)
    expect(compared.maxDifference).toBeLessThanOrEqual(1e-4)
    expect(livingSessions()).toBe(0)
  })

  it.each(all)('$name: passes our own inspection, and reads back as it was', async ({ input }) => {
    const bytes = unwrap(exportModel(input))
    const { info, bytes: anew } = unwrap(await loadModel(bytes))
    expect(info).toMatchObject({ labels, frontEnd: input.frontEnd, architecture: input.architecture, normalisation: input.normalisation })
    expect(info.sampleRate).toBe(input.frontEnd.sampleRate)
    for (const operator of Object.keys(info.operators)) expect(ALLOWED_OPERATORS.has(operator), operator).toBe(true)
    expect(Buffer.from(anew).equals(bytes)).toBe(true)
  })

  it('a difference would be seen: other weights give other probabilities', async () => {
    const { architecture, frontEnd } = all[0]!.input
    const bytes = unwrap(exportModel(exportInput(architecture, frontEnd, 1)!))
    const compared = unwrap(await verifyExport(bytes, exportInput(architecture, frontEnd, 2)!, [sound(1, frontEnd.sampleRate, 1)]))
    expect(compared.maxDifference).toBeGreaterThan(1e-2)
  })
})

describe('the exported file by itself', () => {
  const input = exportInput(testedArchitectures[0]!, FRONT_ENDS['logmel-64x64'])!
  const bytes = unwrap(exportModel(input))

  it('equal inputs give equal bytes', () => {
    expect(Buffer.from(unwrap(exportModel(exportInput(input.architecture, input.frontEnd)!))).equals(bytes)).toBe(true)
  })

  it('takes a batch, and gives each clip what it gets alone; rows sum to 1', async () => {
    await using session = unwrap(await createSession(bytes, { device: 'cpu', threads: 1 }))
    expect(session.inputs.map((i) => i.name)).toEqual(['waveform'])
    expect(session.outputs.map((o) => o.name)).toEqual(['probabilities', 'logits'])
    const clips = [1, 2, 3].map((seed) => sound(1.2, 16_000, seed))
    const batch = Float32Array.from(clips.flatMap((c) => [...c]))
    const { probabilities } = await session.run({ waveform: tensor(batch, [3, clips[0]!.length]) })
    for (const [i, clip] of clips.entries()) {
      const alone = await session.run({ waveform: tensor(clip, [1, clip.length]) })
      const row = floats(probabilities!).subarray(i * labels.length, (i + 1) * labels.length)
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
      for (const [c, p] of floats(alone['probabilities']!).entries()) expect(row[c]).toBeCloseTo(p, 5)
    }
  })

  it('silence and full scale give finite probabilities', async () => {
    await using session = unwrap(await createSession(bytes, { device: 'cpu' }))
    for (const value of [0, 1, -1, 1e-30]) {
      const { probabilities } = await session.run({ waveform: tensor(new Float32Array(16_000).fill(value), [1, 16_000]) })
      expect(floats(probabilities!).every((p) => p >= 0 && p <= 1)).toBe(true)
    }
  })

  it('refuses weights, labels and normalisations that do not fit', () => {
    const refused = (changes: Partial<typeof input>) => exportModel({ ...input, ...changes })
    const one = new Map(input.weights)
    const first = [...one.keys()][0]!
    one.set(first, one.get(first)!.slice(1))
    expect(refused({ weights: one })).toMatchObject({ ok: false, error: { code: 'INVALID', message: expect.stringContaining(first) } })
    expect(refused({ weights: new Map() })).toMatchObject({ ok: false, error: { message: expect.stringContaining('missing') } })
    expect(refused({ weights: new Map([...input.weights, ['extra', new Float32Array(1)]]) })).toMatchObject({ ok: false })
    const broken = new Map(input.weights)
    broken.set(first, Float32Array.from(input.weights.get(first)!).fill(NaN, 0, 1))
    expect(refused({ weights: broken })).toMatchObject({ ok: false, error: { message: expect.stringContaining('finite') } })
    expect(refused({ labels: ['a', 'a'] })).toMatchObject({ ok: false, error: { message: expect.stringContaining('twice') } })
    expect(refused({ labels: ['a', 'b'] })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    expect(refused({ normalisation: { mean: [0], std: [1] } })).toMatchObject({ ok: false })
  })

  it('says in plain metadata what a program needs to use it', () => {
    const { metadata } = unwrap(inspectModel(bytes))
    expect(JSON.parse(metadata['labels']!)).toEqual(labels)
    expect(metadata['sampleRate']).toBe('16000')
    expect(JSON.parse(metadata['provenance']!)).toMatchObject({ dataset: 'noises', run: 'run-1', weightsHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })
})

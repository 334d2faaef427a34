/** A graph that fits waveforms of any length gives what `fitClip` and the fitted graph give. */
import { describe, expect, it } from 'vitest'
import {
  applyNormalisation,
  clipSamples,
  computeFeatures,
  createFittedFrontEndModel,
  createFrontEndModel,
  fitClip,
  frontEndShape,
  FRONT_ENDS,
  loadFrontEnd,
  measureNormalisation,
  packClips,
  parseFrontEnd,
} from '../../../src-main/features/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { runFrontEnd } from '../../reference/features/run-front-end.ts'

/** 0.4 s at 1 kHz with the front end `waveform`: features are the samples, so fitting is seen to the bit. */
const raw = (clip: object) => unwrap(parseFrontEnd({ version: 1, kind: 'waveform', sampleRate: 1000, clip: { seconds: 0.4, ...clip } }))

function noisy(length: number, seed: string): Float32Array {
  const random = createRandom(seed)
  const centre = random.uniform(0, length)
  return Float32Array.from({ length }, (_, i) => random.normal() * (0.05 + Math.exp(-(((i - centre) / 60) ** 2))))
}

describe('fitting inside the graph', () => {
  const lengths = [0, 1, 2, 399, 400, 401, 402, 1001, 5000]
  const crops = ['centre', 'energy', 'start'] as const
  const pads = ['centre', 'end'] as const

  it.each(crops.flatMap((crop) => pads.map((pad) => ({ crop, pad }))))('crop $crop, pad $pad', async (clip) => {
    const config = raw(clip)
    const model = createFrontEndModel(config)
    for (const length of lengths) {
      const waveforms = [noisy(length, `a${length}`), noisy(length, `b${length}`)]
      const { data, shape } = await runFrontEnd(model, waveforms)
      expect(shape).toEqual([2, 1, 1, 400])
      expect(data, `${length} samples`).toEqual(packClips(waveforms, config))
    }
  })

  it('finds the loud part', () => {
    const samples = new Float32Array(3000)
    samples.fill(0.3, 2000, 2400)
    const fitted = fitClip(samples, raw({ crop: 'energy' }))
    expect(fitted.every((v) => v === samples[2000])).toBe(true)
    expect(fitClip(samples, raw({ crop: 'centre' })).some((v) => v !== 0)).toBe(false)
  })

  it('agrees where the energies of many places are all but equal', async () => {
    const config = raw({ crop: 'energy' })
    const samples = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i * 0.37) * 0.9)
    expect((await runFrontEnd(createFrontEndModel(config), [samples])).data).toEqual(fitClip(samples, config))
  })

  it('leaves its input alone', () => {
    const samples = noisy(500, 'c')
    const before = samples.slice()
    fitClip(samples, raw({ crop: 'energy' }))[0] = 9
    expect(samples).toEqual(before)
  })
})

describe('named front ends', () => {
  it.each(Object.keys(FRONT_ENDS))('%s: any length in the model equals fitted batches', async (name) => {
    const config = unwrap(loadFrontEnd(name, { datasetSampleRate: 8000 }))
    const clips = [0, 1, 3000, 8000, 20_000].map((length, i) => noisy(length, `${i}`))
    const fitted = createFittedFrontEndModel(config)
    const batched = await computeFeatures(clips, config, async (waveforms, [count, samples]) => {
      const rows = Array.from({ length: count }, (_, i) => waveforms.subarray(i * samples, (i + 1) * samples))
      return (await runFrontEnd(fitted, rows)).data
    }, 2)
    const model = createFrontEndModel(config, { normalisation: null })
    expect(batched.length).toBe(clips.length)
    for (const [i, clip] of clips.entries()) {
      const { data, shape } = await runFrontEnd(model, [clip])
      expect(shape).toEqual([1, ...frontEndShape(config)])
      expect(data.every(Number.isFinite)).toBe(true)
      const difference = data.reduce((m, v, k) => Math.max(m, Math.abs(v - batched[i]![k]!)), 0)
      expect(difference).toBeLessThan(1e-5)
    }
    expect(clipSamples(config)).toBeGreaterThan(7999)
  })
})

describe('dataset normalisation', () => {
  it.each(['all', 'bin'] as const)('in the graph equals the one applied to features, per %s', async (normalisePer) => {
    const config = unwrap(parseFrontEnd({ version: 1, kind: 'logmel', sampleRate: 8000, mel: { bands: 20 }, normalise: 'dataset', normalisePer }))
    const clips = [noisy(8000, 'a'), noisy(8000, 'b')]
    const plain = (await runFrontEnd(createFittedFrontEndModel(config), clips)).data
    const normalisation = measureNormalisation(config, [plain])
    const expected = applyNormalisation(config, plain, normalisation)
    const { data } = await runFrontEnd(createFrontEndModel(config, { normalisation }), clips)
    data.forEach((v, i) => expect(Math.abs(v - expected[i]!)).toBeLessThan(1e-4))
    expect(() => createFrontEndModel(config)).toThrow('are needed')
  })
})

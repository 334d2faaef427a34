import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDecodePool, type DecodePool } from '../../../src-main/audio/index.ts'
import type { Library } from '../../../src-main/catalog/index.ts'
import { FRONT_ENDS, withSampleRate } from '../../../src-main/features/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { loadModel, makeModel, writeModel } from '../../../src-main/models/index.ts'
import { architectures } from '../../../src-main/nn/index.ts'
import { checkParity, createLiveRecogniser, liveOptionsSchema, startModelProcess, type LiveOptions } from '../../../src-main/recognition/index.ts'
import { hopSamples } from '../../../src-main/recognition/score-recording.ts'
import { createWindowEngine, type WindowEngine } from '../../../src-main/recognition/windows/window-engine.ts'
import { createWindowScorer } from '../../../src-main/recognition/windows/window-scorer.ts'
import { createTrainingRun, trainRun } from '../../../src-main/runs/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'
import { defaultSettings } from '../../../src-main/training/index.ts'
import { digitsLibrary } from '../../support/digits-library.ts'
import { fsddFiles, fsddFolder, NO_FSDD } from '../../support/fsdd.ts'
import { judgeRow, rowOfWords, type Heard } from '../../support/word-row.ts'

describe.skipIf(fsddFolder === null)(`a LeNet-5 that was trained on real digits (else: ${NO_FSDD})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-real-'))
  let library: Library
  let pool: DecodePool
  beforeAll(async () => {
    library = await digitsLibrary(folder)
    pool = createDecodePool({ workers: 1 })
  })
  afterAll(async () => {
    await pool[Symbol.asyncDispose]()
    library.close()
    rmSync(folder, { recursive: true, force: true })
  })

  describe.each([8000, 16_000])('at %i Hz', (rate) => {
    const path = join(folder, `${rate}.onnx`)
    let sounds: Float32Array[] = []
    let accuracy = 0
    beforeAll(async () => {
      const frontEnd = unwrap(withSampleRate(FRONT_ENDS['logmel-64x64'], rate))
      const settings = defaultSettings({ frontEnd, architecture: architectures.get('lenet5')!, epochs: 3, seed: 0 })
      const run = unwrap(await createTrainingRun(library, { dataset: 'digits', settings, device: 'cpu', threads: 1 })).id
      const { evaluation } = unwrap(await trainRun(library, run))
      // One that has learned nothing says the same of every window.
      accuracy = evaluation.test!.accuracy
      expect(accuracy).toBeGreaterThan(0.5)
      unwrap(await writeModel(path, unwrap(await makeModel(library, { run, name: null, precision: 'float32' }, { pool })).bytes))
      sounds = []
      for (const file of fsddFiles((_, speaker, take) => speaker === 'theo' && take === 0)) sounds.push(unwrap(await pool.decode({ path: file, sampleRate: rate })).samples)
    }, 300_000)

    it.each([
      ['0.1 s, as for files', 0.1],
      ['20 ms, as for the microphone', 0.02],
    ])('shares its frames among windows every %s, with the scores of the exported file', async (_, seconds) => {
      const model = unwrap(await loadModel(path))
      await using session = unwrap(await createSession(model.bytes, { device: 'cpu', threads: 1 }))
      await using engine = await createWindowEngine(model, session, 1)
      const { shared, length } = engine
      expect(shared).not.toBeNull()
      const { layout } = shared!
      const hop = hopSamples(seconds, rate, length, layout.hop)
      // Words one after another, each followed by silence of its own length.
      const signal = Float32Array.from(sounds.flatMap((sound) => [...sound, ...new Float32Array(sound.length)])).subarray(0, 5 * rate)
      let worked = 0 // frames
      const counted: WindowEngine = {
        ...engine,
        judge: () => Promise.reject(new Error('a window was judged whole')),
        shared: { ...shared!, levels: (frames) => ((worked += frames.length / layout.window), shared!.levels(frames)) },
      }
      const scorer = createWindowScorer(counted, hop)
      const scores: number[] = []
      for (let at = 0; at < signal.length; at += rate) scores.push(...(await scorer.push(signal.subarray(at, at + rate))))
      const windows = 1 + Math.floor((signal.length - length) / hop)
      expect(scores).toHaveLength(windows * 10)
      // Frames that are new, and those at the edges of each window: much fewer than all frames of all windows.
      const [inner, innerEnd] = layout.inner
      expect(worked).toBe((windows - 1) * (hop / layout.hop) + (innerEnd - inner) + windows * (layout.frames - (innerEnd - inner)))
      expect(worked).toBeLessThan(0.25 * windows * layout.frames)
      for (let w = 0; w < windows; w++) {
        const { probabilities } = await session.run({ waveform: tensor(signal.slice(w * hop, w * hop + length), [1, length]) }, ['probabilities'])
        for (const [i, p] of floats(probabilities!).entries()) expect(Math.abs(scores[w * 10 + i]! - p), `window ${w}, label ${i}`).toBeLessThanOrEqual(1e-4)
      }
    })

    it('gives by microphone and by file what the exported file gives, on windows that share their frames', async () => {
      await using model = unwrap(await startModelProcess(path, { threads: 1 }))
      expect(unwrap(await model.prepare()).frameHop).toBe(0.016 * rate)
      const parity = unwrap(await checkParity(path, sounds.slice(0, 3), pool, folder))
      expect(parity.shared).toBe(true)
      expect(parity.windows).toBeGreaterThan(20)
      for (const difference of [parity.microphoneAndFile, parity.microphoneAndModel, parity.fileAndModel]) expect(difference).toBeLessThanOrEqual(1e-4)
      // One way that is a window late would be far from the others.
      expect(parity.oneHopLate).toBeGreaterThan(0.1)
    })

    async function listen(signal: Float32Array, options: Partial<LiveOptions>): Promise<Heard[]> {
      await using model = unwrap(await startModelProcess(path, { threads: 1 }))
      const live = unwrap(await createLiveRecogniser(model, liveOptionsSchema.parse({ hop: 0.02, ...options })))
      const heard: Heard[] = []
      for (let at = 0; at < signal.length; at += 0.02 * rate)
        heard.push(...unwrap(await live.push(signal.subarray(at, at + 0.02 * rate))).filter((e) => e.type === 'detection'))
      return heard
    }

    it.each(['windows', 'sounds'] as const)('listening by %s tells a word once, and soon after its end', async (mode) => {
      const files = createRandom(1).shuffle(fsddFiles((_, __, take) => take < 5)).slice(0, 60)
      const spoken = []
      for (const file of files) spoken.push({ label: basename(file)[0]!, samples: unwrap(await pool.decode({ path: file, sampleRate: rate })).samples })
      const row = rowOfWords(spoken, rate, { pause: [0.4, 1], noise: -60, seed: 1 })
      // Without a threshold a word is judged rightly or wrongly, but judged.
      const result = judgeRow(row, await listen(row.signal, { mode, threshold: 0 }))
      expect(result.eventsPerWord).toBeGreaterThan(0.95)
      expect(result.eventsPerWord).toBeLessThan(1.05)
      expect(result.once).toBeGreaterThan(0.95)
      // In sound, whatever the clock says; an event that came before the end of its word would be a guess.
      expect(result.delays[Math.floor(result.delays.length / 2)]).toBeGreaterThan(0)
      expect(result.delays[Math.floor(result.delays.length / 2)]).toBeLessThan(0.15)
      // As it judges whole clips, give or take what 60 words of 300 differ by.
      expect(result.right).toBeGreaterThan(accuracy - 2 * Math.sqrt((accuracy * (1 - accuracy)) / 60))
    })

    it('hears nothing in noise by windows, though it knows only words; without a gate it hears words', async () => {
      const random = createRandom(2)
      const noise = Float32Array.from({ length: 20 * rate }, () => 0.01 * random.normal())
      expect(await listen(noise, { mode: 'windows', threshold: 0 })).toEqual([])
      expect(await listen(noise, { mode: 'windows', threshold: 0, gate: 0 })).not.toEqual([])
    })
  })
})

import onnxProto from 'onnx-proto'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { clipSamples, FRONT_ENDS, parseFrontEnd, type FrontEndConfig } from '../../../src-main/features/index.ts'
import { calibrate, exportModel, loadModel, type ExportInput, type LoadedModel } from '../../../src-main/models/index.ts'
import { createWindowEngine, type WindowEngine } from '../../../src-main/recognition/windows/window-engine.ts'
import { createWindowScorer } from '../../../src-main/recognition/windows/window-scorer.ts'
import { createSession, floats, livingSessions, tensor } from '../../../src-main/runtime/index.ts'
import { exportInput, labels, pairs, sound, testedArchitectures } from '../models/parts.ts'

/** What the exported file says of every window by itself. */
async function windowByWindow(bytes: Uint8Array, signal: Float32Array, length: number, hop: number): Promise<number[]> {
  await using session = unwrap(await createSession(bytes, { device: 'cpu', threads: 1 }))
  const scores: number[] = []
  for (let start = 0; start + length <= signal.length; start += hop) {
    const { probabilities } = await session.run({ waveform: tensor(signal.slice(start, start + length), [1, length]) }, ['probabilities'])
    scores.push(...floats(probabilities!))
  }
  return scores
}

async function inEngine<T>(model: LoadedModel, work: (engine: WindowEngine) => Promise<T>): Promise<T> {
  await using session = unwrap(await createSession(model.bytes, { device: 'cpu', threads: 1 }))
  await using engine = await createWindowEngine(model, session, 1)
  return await work(engine)
}

/** Scores of a signal that comes in pieces of `size` samples. */
async function sliding(engine: WindowEngine, signal: Float32Array, hop: number, size: number): Promise<number[]> {
  const scorer = createWindowScorer(engine, hop)
  const scores: number[] = []
  for (let at = 0; at < signal.length; at += size) scores.push(...(await scorer.push(signal.subarray(at, at + size))))
  return scores
}

const largest = (a: readonly number[], b: readonly number[]): number => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), a.length === b.length ? 0 : Infinity)

/** A sound with a silence in it, louder and softer. */
function signalFor(frontEnd: FrontEndConfig): Float32Array {
  const seconds = frontEnd.clip.seconds + 0.3
  return sound(seconds, frontEnd.sampleRate, 3).map((x, i) => (Math.floor(i / 4000) % 3 === 1 ? 0 : x * (1 + (i % 7000) / 7000)))
}

async function compare(input: ExportInput): Promise<void> {
  const model = unwrap(await loadModel(unwrap(exportModel(input))))
  const { frontEnd } = input
  const length = clipSamples(frontEnd)
  const signal = signalFor(frontEnd)
  await inEngine(model, async (engine) => {
    expect(engine.shared === null).toBe(frontEnd.kind === 'waveform')
    const frame = engine.shared?.layout.hop ?? 500
    for (const [hop, size] of [[3 * frame, signal.length], [frame, 777], [frame + 1, 5000]] as const) {
      const expected = await windowByWindow(model.bytes, signal, length, hop)
      const got = await sliding(engine, signal, hop, size)
      expect(largest(got, expected), `hop ${hop}, pieces of ${size}`).toBeLessThanOrEqual(1e-4)
    }
  })
  expect(livingSessions()).toBe(0)
}

describe('windows that share their frames have the scores of the exported file', () => {
  // What is shared are frames, which are the front end's: unrolled recurrent layers, slow to load, meet one front end.
  it.each(pairs().filter(({ name }) => !/^(alexnet on|gru on (?!lenet-32x32))/.test(name)))('$name', async ({ input }) => {
    await compare(input)
  })

  const variants: Record<string, object> = {
    'pre-emphasis': { preEmphasis: 0.97 },
    'reflected edges': { frames: { windowMs: 25, hopMs: 10, padding: 'reflect' }, preEmphasis: 0.95 },
    'no padding': { frames: { windowMs: 25, hopMs: 10, padding: 'none' }, preEmphasis: 0.97 },
    'magnitudes, a rectangular window': { frames: { windowMs: 20, hopMs: 10, window: 'rectangular', power: 1 } },
    'a hop longer than the window': { frames: { windowMs: 10, hopMs: 16 } },
  }
  it.each(Object.entries(variants))('%s', async (_, settings) => {
    const frontEnd = unwrap(parseFrontEnd({ version: 1, kind: 'logmel', ...settings }))
    await compare(exportInput(testedArchitectures.find((a) => a.name === 'mlp')!, frontEnd)!)
  })

  it.each(['float16', 'int8'] as const)('%s', async (type) => {
    const frontEnd = FRONT_ENDS['logmel-64x64']
    const input = exportInput(testedArchitectures.find((a) => a.name === 'lenet5')!, frontEnd)!
    const precision = type === 'int8' ? { type, ranges: unwrap(await calibrate(input, [signalFor(frontEnd)])) } : { type }
    await compare({ ...input, precision })
  })
})

describe('a file that does not do what it says', () => {
  it('is judged window by window, as it is', async () => {
    const input = exportInput(testedArchitectures.find((a) => a.name === 'lenet5')!, FRONT_ENDS['logmel-64x64'])!
    const proto = onnxProto.onnx.ModelProto.decode(unwrap(exportModel(input)))
    // Its Fourier basis is another one.
    const basis = proto.graph!.initializer!.find((t) => (t.rawData?.length ?? 0) > 100_000)!
    const values = new Float32Array(Uint8Array.from(basis.rawData!).buffer)
    basis.rawData = new Uint8Array(values.map((x, i) => (i % 2 === 0 ? 2 * x : x)).buffer)
    const model = unwrap(await loadModel(onnxProto.onnx.ModelProto.encode(proto).finish()))
    const signal = signalFor(input.frontEnd)
    await inEngine(model, async (engine) => {
      expect(engine.shared).toBeNull()
      const expected = await windowByWindow(model.bytes, signal, 16_256, 1000)
      expect(largest(await sliding(engine, signal, 1000, 1000), expected)).toBeLessThanOrEqual(1e-5)
      expect(expected.length).toBeGreaterThan(2 * labels.length)
    })
  })
})

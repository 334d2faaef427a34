import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { calibrate, exportModel, inspectModel, readModel, type ExportInput, type Precision } from '../../../src-main/models/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'
import { pairs } from './parts.ts'

/** One model of each kind of layer that is rounded: 2-D and 1-D convolutions, depthwise ones, products over frames. */
const wanted = ['lenet5', 'tc-resnet8', 'ds-cnn-s', 'gru', 'kwt-1']
const all = pairs()
const tested = wanted.map((name) => all.find((p) => p.input.architecture.name === name)!)

/** Noises of different colours and levels: enough for ranges, and other ones to compare on. */
function noises(input: ExportInput, count: number, seed: string): Float32Array[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => {
    const [level, colour] = [0.02 + 0.3 * random.next(), random.next()]
    let last = 0
    return Float32Array.from({ length: Math.round(input.frontEnd.sampleRate * input.frontEnd.clip.seconds) }, () => (last = colour * last + level * random.normal()))
  })
}

async function logitsOf(bytes: Uint8Array, waveforms: readonly Float32Array[]): Promise<Float32Array[]> {
  await using session = unwrap(await createSession(bytes, { device: 'cpu' }))
  const rows: Float32Array[] = []
  for (const waveform of waveforms) rows.push(floats((await session.run({ waveform: tensor(waveform, [1, waveform.length]) }, ['logits']))['logits']!))
  return rows
}

/** Root mean square of the difference, in parts of the spread of the exact values over clips and classes. */
function relativeError(exact: readonly Float32Array[], got: readonly Float32Array[]): number {
  const flat = exact.flatMap((row) => [...row])
  const mean = flat.reduce((a, b) => a + b, 0) / flat.length
  const spread = flat.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  const difference = got.flatMap((row) => [...row]).reduce((sum, x, i) => sum + (x - flat[i]!) ** 2, 0)
  return Math.sqrt(difference / spread)
}

describe.each(tested)('$input.architecture.name on $name', ({ input }) => {
  const heard = noises(input, 12, 'heard')

  async function exported(precision: Precision) {
    const bytes = unwrap(exportModel({ ...input, precision }))
    // What is written must pass the checks that a file from anywhere must pass.
    expect(unwrap(await readModel(bytes)).precision).toBe(precision.type)
    return bytes
  }

  it('float16 weights: about half the weights, the same answers to three digits', async () => {
    const [whole, half] = [await exported({ type: 'float32' }), await exported({ type: 'float16' })]
    expect(half.length).toBeLessThan(whole.length)
    expect(relativeError(await logitsOf(whole, heard), await logitsOf(half, heard))).toBeLessThan(5e-3)
  })

  it('int8: weights and activations rounded, answers near the exact ones', async () => {
    const ranges = unwrap(await calibrate(input, noises(input, 40, 'calibration')))
    const [whole, rounded] = [await exported({ type: 'float32' }), await exported({ type: 'int8', ranges })]
    // An unrolled recurrent layer has so many products that their roundings weigh more than its weights save.
    if (input.architecture.name !== 'gru') expect(rounded.length).toBeLessThan(whole.length)
    const { operators } = unwrap(inspectModel(rounded))
    expect(operators['QuantizeLinear']).toBeGreaterThan(1)
    expect(relativeError(await logitsOf(whole, heard), await logitsOf(rounded, heard))).toBeLessThan(0.1)
  })
})

it('ranges come from clips: none is an error, and a stop stops', async () => {
  const { input } = tested[0]!
  expect(await calibrate(input, [])).toMatchObject({ ok: false, error: { code: 'INVALID' } })
  expect(await calibrate(input, noises(input, 2, 'x'), { signal: AbortSignal.abort() })).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
})

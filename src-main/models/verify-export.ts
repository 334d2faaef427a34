/**
 * Is the exported file the model that was trained? Runs it and, beside it, the parts that training uses (front
 * end, normalisation, network with its weights as inputs), and compares the probabilities.
 */
import { assert, ok, type Result } from '../kit/index.ts'
import { applyNormalisation, createFittedFrontEndModel, fitClip, frontEndShape } from '../features/index.ts'
import { createForward } from '../nn/index.ts'
import { createSession, floats, tensor, type RuntimeTensor } from '../runtime/index.ts'
import type { ExportInput } from './export-model.ts'

export interface ExportComparison {
  /** The largest difference between two probabilities. */
  readonly maxDifference: number
  readonly compared: number
}

/** `waveforms` are mono clips of any length at the front end's rate. */
export async function verifyExport(bytes: Uint8Array, input: ExportInput, waveforms: readonly Float32Array[]): Promise<Result<ExportComparison>> {
  assert(waveforms.length > 0, 'nothing to compare')
  const expected = await trainedProbabilities(input, waveforms)
  if (!expected.ok) return expected
  const made = await createSession(bytes, { device: 'cpu' })
  if (!made.ok) return made
  await using session = made.value
  let maxDifference = 0
  for (const [i, waveform] of waveforms.entries()) {
    const { probabilities } = await session.run({ waveform: tensor(waveform, [1, waveform.length]) }, ['probabilities'])
    const got = floats(probabilities!)
    assert(got.length === input.labels.length, 'one probability for each label')
    for (const [c, p] of got.entries()) {
      const difference = Math.abs(p - expected.value[i]![c]!)
      maxDifference = Math.max(maxDifference, Number.isNaN(difference) ? Infinity : difference)
    }
  }
  return ok({ maxDifference, compared: waveforms.length })
}

async function trainedProbabilities(input: ExportInput, waveforms: readonly Float32Array[]): Promise<Result<Float64Array[]>> {
  const { frontEnd, architecture, labels, normalisation, weights } = input
  const inputShape = frontEndShape(frontEnd)
  const forward = createForward({ architecture, inputShape, classes: labels.length, batch: 1 })
  if (!forward.ok) return forward
  const ears = await createSession(createFittedFrontEndModel(frontEnd, { batch: 1 }), { device: 'cpu' })
  if (!ears.ok) return ears
  await using frontEndSession = ears.value
  const brain = await createSession(forward.value.model, { device: 'cpu' })
  if (!brain.ok) return brain
  await using networkSession = brain.value
  const state: Record<string, RuntimeTensor> = {}
  for (const { name, shape } of forward.value.state) state[name] = tensor(weights.get(name)!, shape)
  const all: Float64Array[] = []
  for (const waveform of waveforms) {
    const clip = fitClip(waveform, frontEnd)
    const { features } = await frontEndSession.run({ waveform: tensor(clip, [1, clip.length]) })
    const seen = normalisation ? applyNormalisation(frontEnd, floats(features!), normalisation) : floats(features!)
    const { logits } = await networkSession.run({ ...state, x: tensor(seen, [1, ...inputShape]) })
    all.push(softmax(floats(logits!).map((x) => x / (input.temperature ?? 1))))
  }
  return ok(all)
}

function softmax(logits: Float32Array): Float64Array {
  const largest = Math.max(...logits)
  const powers = Float64Array.from(logits, (x) => Math.exp(x - largest))
  const sum = powers.reduce((a, b) => a + b)
  return powers.map((p) => p / sum)
}

/** Runs training steps on a session, for tests: the state goes round, everything else is given by the test. */
import { createRandom, unwrap } from '../../src-main/kit/index.ts'
import { createTrainingStep, dropoutRandom, fillDropoutMask, initialiseState, type TrainingStep, type TrainingStepRequest } from '../../src-main/nn/index.ts'
import { createSession, floats, scalar, tensor, type Device, type RuntimeTensor } from '../../src-main/runtime/index.ts'

export interface Batch {
  readonly x: Float32Array
  readonly target: Float32Array
}

export interface StepResult {
  readonly loss: number
  readonly gradientNorm: number
  /** Of each parameter. */
  readonly gradientNorms: Float32Array
  readonly logits: Float32Array
  /** By parameter, where the step was made with `gradientOutputs`. */
  readonly gradients: ReadonlyMap<string, Float32Array>
  readonly masks: ReadonlyMap<string, Float32Array>
}

export interface Trainer extends AsyncDisposable {
  readonly step: TrainingStep
  run(batch: Batch, learningRate: number): Promise<StepResult>
  /** The whole state now, by name (copies). */
  state(): Promise<Map<string, Float32Array>>
}

export async function createTrainer(request: TrainingStepRequest, options: { seed?: number; device?: Device; threads?: number } = {}): Promise<Trainer> {
  const { seed = 1, device = 'cpu', threads = 1 } = options
  const step = unwrap(createTrainingStep({ ...request, target: device }))
  const session = unwrap(await createSession(step.model, { device, threads, noFallback: device !== 'cpu', keepOnDevice: step.state.map((s) => `next.${s.name}`) }))
  const first = initialiseState(step, seed)
  let state: Record<string, RuntimeTensor> = Object.fromEntries(step.state.map((s) => [s.name, tensor(first.get(s.name)!, s.shape)]))
  const random = dropoutRandom(seed)
  return {
    step,
    async run(batch, learningRate) {
      const masks = new Map(
        step.dropoutMasks.map((m) => {
          const values = new Float32Array(m.shape.reduce((a, b) => a * b, 1))
          fillDropoutMask(values, m.rate, random)
          return [m.name, values]
        }),
      )
      const results = await session.run({
        x: tensor(batch.x, step.feeds.x),
        target: tensor(batch.target, step.feeds.target),
        learningRate: scalar(learningRate),
        ...Object.fromEntries(step.dropoutMasks.map((m) => [m.name, tensor(masks.get(m.name)!, m.shape)])),
        ...state,
      })
      for (const old of Object.values(state)) old[Symbol.dispose]()
      state = Object.fromEntries(step.state.map((s) => [s.name, results[`next.${s.name}`]!]))
      const named = Object.entries(results).filter(([name]) => name.startsWith('gradient.'))
      return {
        loss: floats(results['loss']!)[0]!,
        gradientNorm: floats(results['gradientNorm']!)[0]!,
        gradientNorms: floats(results['gradientNorms']!),
        logits: floats(results['logits']!),
        gradients: new Map(named.map(([name, t]) => [name.slice('gradient.'.length), floats(t)])),
        masks,
      }
    },
    async state() {
      const read = await session.read(state)
      return new Map(Object.entries(read).map(([name, t]) => [name, floats(t).slice()]))
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}

/** Random features with a pattern for each class in them, so that a network has something to learn. */
export function randomBatches(count: number, batch: number, shape: readonly number[], classes: number, seed = 7): Batch[] {
  const random = createRandom(seed)
  const size = shape.reduce((a, b) => a * b, 1)
  const patterns = Array.from({ length: classes }, () => Float32Array.from({ length: size }, () => random.normal()))
  return Array.from({ length: count }, () => {
    const x = new Float32Array(batch * size)
    const target = new Float32Array(batch * classes)
    for (let n = 0; n < batch; n++) {
      const label = random.int(classes)
      target[n * classes + label] = 1
      for (let i = 0; i < size; i++) x[n * size + i] = 0.5 * patterns[label]![i]! + random.normal()
    }
    return { x, target }
  })
}

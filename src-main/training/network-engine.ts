/** A training engine of two ONNX sessions: the training step, whose state tensors are fed back, and the forward pass. */
import { assert, createRandom, createScope, err, ok, type Result } from '../kit/index.ts'
import {
  countParameters,
  createForward,
  createTrainingStep,
  fillDropoutMask,
  initialiseState,
  type StateSpec,
  type TrainingStepRequest,
} from '../nn/index.ts'
import { createSession, floats, scalar, tensor, type Device, type RuntimeTensor, type Session } from '../runtime/index.ts'
import type { StateTensor } from './checkpoint/checkpoint.ts'
import type { TrainingEngine } from './engine.ts'

export interface NetworkEngineOptions extends Omit<TrainingStepRequest, 'target'> {
  readonly device: Device
  readonly threads: number
  readonly seed: number
}

/** Clips that one run of the forward pass takes. */
const FORWARD_BATCH = 64
const NEXT = 'next.'

export async function createNetworkEngine(options: NetworkEngineOptions): Promise<Result<TrainingEngine>> {
  const { device, threads, seed, classes } = options
  const made = createTrainingStep({ ...options, target: device })
  if (!made.ok) return made
  const step = made.value
  const forward = createForward({ ...options, batch: FORWARD_BATCH, target: device })
  if (!forward.ok) return forward
  const scope = createScope()
  const trainer = await createSession(step.model, { device, threads, keepOnDevice: step.state.map((s) => NEXT + s.name) })
  if (!trainer.ok) return trainer
  scope.add(trainer.value)
  const evaluator = await createSession(forward.value.model, { device, threads })
  if (!evaluator.ok) {
    await scope[Symbol.asyncDispose]()
    return err(evaluator.error)
  }
  scope.add(evaluator.value)

  const state = createState(step.state, initialiseState(step, seed), trainer.value)
  const masks = step.dropoutMasks.map((mask) => {
    const values = new Float32Array(mask.shape.reduce((a, b) => a * b, 1))
    return { ...mask, values, tensor: tensor(values, mask.shape) }
  })
  const maskFeeds = Object.fromEntries(masks.map((m) => [m.name, m.tensor]))

  return ok({
    parameters: countParameters(step.network),
    async step({ x, target, learningRate, step: at }) {
      if (masks.length > 0) {
        const random = createRandom(`${seed}/dropout/${at}`)
        for (const mask of masks) fillDropoutMask(mask.values, mask.rate, random)
      }
      const outputs = await trainer.value.run({
        x: tensor(x, step.feeds.x),
        target: tensor(target, step.feeds.target),
        learningRate: scalar(learningRate),
        ...maskFeeds,
        ...state.feeds(),
      })
      state.advance(outputs)
      return {
        loss: floats(outputs['loss']!)[0]!,
        gradientNorm: floats(outputs['gradientNorm']!)[0]!,
        logits: floats(outputs['logits']!),
      }
    },
    predict: (clips) => predict(evaluator.value, clips, forward.value.network.inputShape, classes, state.feeds(forward.value.state)),
    readState: () => state.read(),
    async loadState(tensors) {
      state.load(tensors)
    },
    [Symbol.asyncDispose]: async () => {
      state.dispose()
      await scope[Symbol.asyncDispose]()
    },
  })
}

/** The tensors that live from step to step; on a GPU they stay there. */
function createState(specs: readonly StateSpec[], initial: ReadonlyMap<string, Float32Array>, session: Session) {
  const current = new Map<string, RuntimeTensor>(specs.map((s) => [s.name, tensor(initial.get(s.name)!, s.shape)]))
  const put = (name: string, value: RuntimeTensor) => {
    current.get(name)?.[Symbol.dispose]()
    current.set(name, value)
  }
  return {
    feeds: (wanted: readonly StateSpec[] = specs) => Object.fromEntries(wanted.map((s) => [s.name, current.get(s.name)!])),
    advance(outputs: Readonly<Record<string, RuntimeTensor>>) {
      for (const { name } of specs) put(name, outputs[NEXT + name]!)
    },
    async read(): Promise<StateTensor[]> {
      const here = await session.read(Object.fromEntries(current))
      return specs.map(({ name, shape, role }) => ({ name, shape, role, data: floats(here[name]!).slice() }))
    },
    load(tensors: readonly StateTensor[]) {
      const known = new Map(specs.map((s) => [s.name, s]))
      for (const { name, data, shape } of tensors) {
        assert(known.has(name) && data instanceof Float32Array, `a state tensor ${name} that the network does not have`)
        put(name, tensor(data.slice(), shape))
      }
    },
    dispose() {
      for (const value of current.values()) value[Symbol.dispose]()
    },
  }
}

/** Runs full batches of a fixed size (the last one filled with zeros), the fastest on every device. */
async function predict(
  session: Session,
  clips: readonly Float32Array[],
  inputShape: readonly number[],
  classes: number,
  state: Readonly<Record<string, RuntimeTensor>>,
): Promise<Float32Array> {
  const size = inputShape.reduce((a, b) => a * b, 1)
  const logits = new Float32Array(clips.length * classes)
  const x = new Float32Array(FORWARD_BATCH * size)
  for (let at = 0; at < clips.length; at += FORWARD_BATCH) {
    const part = clips.slice(at, at + FORWARD_BATCH)
    part.forEach((clip, i) => x.set(clip, i * size))
    x.fill(0, part.length * size)
    const outputs = await session.run({ x: tensor(x, [FORWARD_BATCH, ...inputShape]), ...state })
    logits.set(floats(outputs['logits']!).subarray(0, part.length * classes), at * classes)
  }
  return logits
}

/** The forward pass alone, with given weights: for evaluation. */
export async function createPredictor(
  options: Pick<NetworkEngineOptions, 'architecture' | 'inputShape' | 'classes' | 'device' | 'threads'> & { readonly weights: readonly StateTensor[] },
): Promise<Result<Pick<TrainingEngine, 'predict'> & AsyncDisposable>> {
  const { device, threads, classes, weights } = options
  const forward = createForward({ ...options, batch: FORWARD_BATCH, target: device })
  if (!forward.ok) return forward
  const session = await createSession(forward.value.model, { device, threads })
  if (!session.ok) return session
  const values = new Map(weights.map((w) => [w.name, w.data]))
  const state = Object.fromEntries(
    forward.value.state.map(({ name, shape }) => {
      const data = values.get(name)
      assert(data instanceof Float32Array, `the weights hold no ${name}`)
      return [name, tensor(data, shape)]
    }),
  )
  return ok({
    predict: (clips) => predict(session.value, clips, forward.value.network.inputShape, classes, state),
    [Symbol.asyncDispose]: () => session.value[Symbol.asyncDispose](),
  })
}


/** A training engine of two ONNX sessions: the training step, whose state tensors are fed back, and the forward pass. */
import { createScope, err, ok, type Result } from '../kit/index.ts'
import { countParameters, createTrainingStep, initialiseState, NEXT, type TrainingStepRequest } from '../nn/index.ts'
import { createSession, floats, scalar, tensor, type Device } from '../runtime/index.ts'
import { createDropoutMasks } from './dropout-masks.ts'
import { createEngineState } from './engine-state.ts'
import type { TrainingEngine } from './engine.ts'
import { createForwardPass } from './predictor.ts'

export interface EngineOptions extends Omit<TrainingStepRequest, 'target'> {
  readonly device: Device
  readonly threads: number
  readonly seed: number
}

export async function createNetworkEngine(options: EngineOptions): Promise<Result<TrainingEngine>> {
  const { device, threads, seed } = options
  const made = createTrainingStep({ ...options, target: device })
  if (!made.ok) return made
  const step = made.value
  const scope = createScope()
  const trainer = await createSession(step.model, { device, threads, keepOnDevice: step.state.map((s) => NEXT + s.name) })
  if (!trainer.ok) return trainer
  scope.add(trainer.value)
  const forward = await createForwardPass(options)
  if (!forward.ok) {
    await scope[Symbol.asyncDispose]()
    return err(forward.error)
  }
  scope.add(forward.value)

  const state = createEngineState(step.state, initialiseState(step, seed), trainer.value)
  const dropout = createDropoutMasks(step.dropoutMasks, seed)
  const maskFeeds = Object.fromEntries(dropout.masks.map((m) => [m.name, tensor(m.values, m.shape)]))

  const count = step.network.parameters.length
  const told = {
    loss: scalar(0),
    gradientNorm: scalar(0),
    gradientNorms: tensor(new Float32Array(count), [count]),
    logits: tensor(new Float32Array(step.batch * options.classes), step.feeds.target),
  }

  return ok({
    parameters: countParameters(step.network),
    parameterNames: step.network.parameters.map((p) => p.name),
    async step({ x, target, learningRate, step: at }) {
      dropout.fill(at)
      const places = state.places()
      const feeds = {
        x: tensor(x, step.feeds.x),
        target: tensor(target, step.feeds.target),
        learningRate: scalar(learningRate),
        ...maskFeeds,
        ...state.feeds(),
      }
      const outputs = await trainer.value.run(feeds, places ? { ...told, ...places } : undefined)
      state.advance(outputs)
      return {
        loss: floats(outputs['loss']!)[0]!,
        gradientNorm: floats(outputs['gradientNorm']!)[0]!,
        gradientNorms: floats(outputs['gradientNorms']!).slice(),
        logits: floats(outputs['logits']!).slice(),
      }
    },
    predict: (clips) => forward.value.run(clips, state.feeds(forward.value.state)),
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

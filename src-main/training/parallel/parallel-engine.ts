/**
 * A training engine that divides every batch among threads: each has the gradient step for its part in a session
 * of one thread, the first on the main thread; then the main thread averages the gradients and updates. Within one
 * session some operations (the unfolding of a convolution) use one thread only: parts keep all of them busy.
 */
import { AppError, createScope, err, ok, unwrap, type Result, type Scope } from '../../kit/index.ts'
import { countParameters, createGradientStep, createUpdateStep, GRADIENT, initialiseState, partGradient } from '../../nn/index.ts'
import { createSession, floats, scalar, tensor, type RuntimeTensor } from '../../runtime/index.ts'
import { createDropoutMasks } from '../dropout-masks.ts'
import { createEngineState } from '../engine-state.ts'
import type { TrainingEngine } from '../engine.ts'
import type { EngineOptions } from '../network-engine.ts'
import { createForwardPass } from '../predictor.ts'
import { createReplicaThread, type ReplicaThread } from './replica-thread.ts'
import { blockViews, createSharedBlock } from './shared-block.ts'

export interface ParallelOptions extends EngineOptions {
  /** Divides the batch. */
  readonly replicas: number
  /** The script of the replicas' threads, where it is not the one beside this module. */
  readonly replicaEntry?: URL
}

export async function createParallelEngine(options: ParallelOptions): Promise<Result<TrainingEngine>> {
  const scope = createScope()
  try {
    return ok(await createWithin(scope, options))
  } catch (cause) {
    await scope[Symbol.asyncDispose]()
    if (cause instanceof AppError) return err(cause)
    throw cause
  }
}

async function createWithin(scope: Scope, options: ParallelOptions): Promise<TrainingEngine> {
  const { replicas, batch, seed, classes } = options
  const gradientStep = unwrap(createGradientStep({ ...options, batch: batch / replicas, target: 'cpu' }))
  const updateStep = unwrap(createUpdateStep({ ...options, target: 'cpu' }, replicas))
  const oneThread = { device: 'cpu', threads: 1 } as const
  const own = scope.add(unwrap(await createSession(gradientStep.model, oneThread)))
  const updater = scope.add(unwrap(await createSession(updateStep.model, oneThread)))
  const forward = scope.add(unwrap(await createForwardPass(options)))

  const { parameters, feeds } = gradientStep
  const gradients = parameters.map((p) => ({ name: GRADIENT + p.name, shape: p.shape }))
  const parts = [{ name: 'x', shape: feeds.x }, { name: 'target', shape: feeds.target }, ...gradientStep.dropoutMasks]
  const shared = createSharedBlock(parameters)
  const threads: ReplicaThread[] = []
  for (let i = 1; i < replicas; i++) {
    const thread = await createReplicaThread({
      model: gradientStep.model,
      parameters: shared,
      batch: parts,
      results: [{ name: 'loss', shape: [] }, { name: 'logits', shape: feeds.target }, ...gradients],
      ...(options.replicaEntry ? { entry: options.replicaEntry } : {}),
    })
    threads.push(scope.add(unwrap(thread)))
  }

  const state = createEngineState(updateStep.state, initialiseState(updateStep, seed), updater)
  const sharedParameters = blockViews(shared)
  const wholeMasks = gradientStep.dropoutMasks.map((m) => ({ ...m, shape: [batch, ...m.shape.slice(1)] }))
  const dropout = createDropoutMasks(wholeMasks, seed)
  const rows = (values: Float32Array, part: number) => values.subarray((part * values.length) / replicas, ((part + 1) * values.length) / replicas)
  const gradientFeeds = (part: number, results: Readonly<Record<string, RuntimeTensor>>) =>
    parameters.map(({ name }) => [partGradient(part, name), results[GRADIENT + name]!] as const)

  return {
    parameters: countParameters(updateStep.network),
    parameterNames: updateStep.network.parameters.map((p) => p.name),
    async step({ x, target, learningRate, step: at }) {
      dropout.fill(at)
      const whole = new Map([['x', x], ['target', target], ...dropout.masks.map((m) => [m.name, m.values] as const)])
      const now = state.feeds(parameters)
      for (const [name, place] of sharedParameters) place.set(floats(now[name]!))
      threads.forEach((thread, i) => {
        for (const [name, place] of thread.batch) place.set(rows(whole.get(name)!, i + 1))
        thread.begin()
      })
      const mine = parts.map(({ name, shape }) => [name, tensor(rows(whole.get(name)!, 0), shape)] as const)
      const results: Readonly<Record<string, RuntimeTensor>>[] = [await own.run({ ...Object.fromEntries(mine), ...now })]
      for (const thread of threads) results.push(await thread.finish())
      const updated = await updater.run({
        learningRate: scalar(learningRate),
        ...state.feeds(),
        ...Object.fromEntries(results.flatMap((result, part) => gradientFeeds(part, result))),
      })
      state.advance(updated)
      const logits = new Float32Array(batch * classes)
      results.forEach((result, part) => rows(logits, part).set(floats(result['logits']!)))
      return {
        loss: results.reduce((sum, result) => sum + floats(result['loss']!)[0]!, 0) / replicas,
        gradientNorm: floats(updated['gradientNorm']!)[0]!,
        gradientNorms: floats(updated['gradientNorms']!),
        logits,
      }
    },
    predict: (clips) => forward.run(clips, state.feeds(forward.state)),
    readState: () => state.read(),
    async loadState(tensors) {
      state.load(tensors)
    },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  }
}

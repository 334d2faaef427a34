/**
 * A training engine that divides every batch among threads: each has the gradient step for its part in a session
 * of its own and then updates its share of the parameters, the first on the main thread. Within one session some
 * operations (the unfolding of a convolution) use one thread only: parts keep all of them busy.
 */
import { AppError, assert, createScope, err, ok, unwrap, type Result, type Scope } from '../../kit/index.ts'
import { countParameters, createGradientStep, createUpdateStep, initialiseState } from '../../nn/index.ts'
import { takesSharedMemory } from '../../runtime/index.ts'
import type { StateTensor } from '../checkpoint/checkpoint.ts'
import { createDropoutMasks } from '../dropout-masks.ts'
import type { TrainingEngine } from '../engine.ts'
import type { EngineOptions } from '../network-engine.ts'
import { createForwardPass } from '../predictor.ts'
import { createPart, stateRead, type PartOptions, type TrainingMemory } from './part.ts'
import { ASKED, createCounters, meet, set, UPDATE_OF } from './protocol.ts'
import { createReplicaThread, type ReplicaThread } from './replica-thread.ts'
import { blockViews, createSharedBlock, placesOf, sharedTensors, type BlockEntry } from './shared-block.ts'

export interface ParallelOptions extends EngineOptions {
  /** Divides the batch. */
  readonly replicas: number
  /** The script of the replicas' threads, where it is not the one beside this module. */
  readonly replicaEntry?: URL
  /** Whether sessions are given shared memory as it is: where the runtime takes it, unless told. */
  readonly direct?: boolean
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
  const { model: gradientModel, state: gradientInputs, results: gradientResults, feeds, dropoutMasks } = unwrap(createGradientStep({ ...options, target: 'cpu' }, replicas))
  const updates = Array.from({ length: replicas }, (_, share) => unwrap(createUpdateStep({ ...options, target: 'cpu' }, replicas, share)))
  const { network, wholeState } = updates[0]!
  const parameterNames = network.parameters.map((p) => p.name)
  const gradientState = gradientInputs.map((s) => s.name)
  const forward = scope.add(unwrap(await createForwardPass(options)))

  const batchEntries = [{ name: 'x', shape: feeds.x }, { name: 'target', shape: feeds.target }, ...dropoutMasks]
  const each = (entries: readonly BlockEntry[]) => Array.from({ length: replicas }, () => createSharedBlock(entries))
  const memory: TrainingMemory = {
    counters: createCounters(replicas),
    control: createSharedBlock([{ name: 'learningRate', shape: [] }]),
    states: [createSharedBlock(wholeState), createSharedBlock(wholeState)],
    batches: each(batchEntries),
    results: each([{ name: 'loss', shape: [] }, { name: 'logits', shape: feeds.target }, ...gradientResults]),
    norms: updates.map(({ own }) => createSharedBlock([{ name: 'squareSums', shape: [own.length] }])),
  }
  const direct = options.direct ?? (await takesSharedMemory())
  const partOptions = (part: number): PartOptions => {
    const { model, state, written, results } = updates[part]!
    return { part, gradientModel, update: { model, state, written, results }, gradientState, threads: Math.max(1, Math.floor(options.threads / replicas)), memory, direct }
  }
  const threads: ReplicaThread[] = []
  for (let part = 1; part < replicas; part++) threads.push(scope.add(unwrap(await createReplicaThread(partOptions(part), options.replicaEntry))))
  const own = scope.add(unwrap(await createPart(partOptions(0))))
  const look = () => threads.forEach((thread) => thread.look())

  const states = memory.states.map(blockViews)
  const forwardStates = memory.states.map((block) => sharedTensors(placesOf(block).filter(({ name }) => forward.state.some((s) => s.name === name)), direct))
  const [batches, results] = [memory.batches, memory.results].map((blocks) => blocks.map(blockViews))
  const slices = updates.flatMap(({ own }, share) => {
    const squares = blockViews(memory.norms[share]!).get('squareSums')!
    return own.map((name, at) => ({ name, squares, at }))
  })
  const rate = blockViews(memory.control).get('learningRate')!
  const wholeMasks = dropoutMasks.map((m) => ({ ...m, shape: [batch, ...m.shape.slice(1)] }))
  const dropout = createDropoutMasks(wholeMasks, seed)
  const rows = (values: Float32Array, part: number) => values.subarray((part * values.length) / replicas, ((part + 1) * values.length) / replicas)
  let steps = 0
  /** The state after the steps so far. */
  const now = () => stateRead(steps + 1)
  for (const [name, values] of initialiseState({ network, state: wholeState }, seed)) states[now()]!.get(name)!.set(values)

  return {
    parameters: countParameters(network),
    parameterNames,
    async step({ x, target, learningRate, step: at }) {
      look()
      dropout.fill(at)
      rate[0] = learningRate
      const whole = new Map([['x', x], ['target', target], ...dropout.masks.map((m) => [m.name, m.values] as const)])
      batches!.forEach((views, part) => {
        for (const [name, place] of views) place.set(rows(whole.get(name)!, part))
      })
      set(memory.counters, ASKED, ++steps)
      await own.step(steps, look)
      await meet(memory.counters, UPDATE_OF(steps), look)
      const logits = new Float32Array(batch * classes)
      results!.forEach((views, part) => rows(logits, part).set(views.get('logits')!))
      const squares = parameterNames.map((name) => slices.reduce((all, slice) => (slice.name === name ? all + slice.squares[slice.at]! : all), 0))
      return {
        loss: results!.reduce((all, views) => all + views.get('loss')![0]!, 0) / replicas,
        gradientNorm: Math.sqrt(squares.reduce((a, b) => a + b)),
        gradientNorms: Float32Array.from(squares, Math.sqrt),
        logits,
      }
    },
    predict(clips) {
      const state = forwardStates[now()]!
      state.pull()
      return forward.run(clips, state.tensors)
    },
    readState: () => Promise.resolve(wholeState.map(({ name, shape, role }): StateTensor => ({ name, shape, role, data: states[now()]!.get(name)!.slice() }))),
    async loadState(tensors) {
      for (const { name, data } of tensors) {
        const place = states[now()]!.get(name)
        assert(place && data instanceof Float32Array, `a state tensor ${name} that the network does not have`)
        place.set(data)
      }
    },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  }
}

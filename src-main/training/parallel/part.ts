/**
 * One thread's work in a step: the gradients of its part of the batch, and then, when all parts have theirs, the
 * update of its share of the parameters. What it reads and writes lies in memory that all threads share.
 */
import { createScope, ok, type Result } from '../../kit/index.ts'
import { NEXT, type UpdateStep } from '../../nn/index.ts'
import { createSession } from '../../runtime/index.ts'
import { arrive, GRADIENTS_OF, meet, UPDATE_OF, type Counters } from './protocol.ts'
import { placeOf, placesOf, sharedTensors, sliceOf, type Place, type SharedBlock } from './shared-block.ts'

export interface TrainingMemory {
  readonly counters: Counters
  /** The scalar `learningRate`. */
  readonly control: SharedBlock
  /** The state by turns: a step reads the one and writes the other. */
  readonly states: readonly [SharedBlock, SharedBlock]
  /** Of each part: x, target and dropout masks. */
  readonly batches: readonly SharedBlock[]
  /** Of each part: loss, logits, gradients and running statistics. */
  readonly results: readonly SharedBlock[]
  /** Of each share: `squareSums`. */
  readonly norms: readonly SharedBlock[]
}

export interface PartOptions {
  readonly part: number
  readonly gradientModel: Uint8Array
  readonly update: Pick<UpdateStep, 'model' | 'state' | 'written' | 'results'>
  /** Names of the state tensors that the gradient step takes. */
  readonly gradientState: readonly string[]
  /** Of each of its sessions. */
  readonly threads: number
  readonly memory: TrainingMemory
  /** Whether sessions take shared memory as it is. */
  readonly direct: boolean
}

export interface Part extends AsyncDisposable {
  /** Counted from 1. Ends when this part's update is done; `look` may throw while others keep it waiting. */
  step(step: number, look: () => void): Promise<void>
}

/** Which of the two states a step reads; it writes the other. */
export const stateRead = (step: number): 0 | 1 => ((step + 1) % 2) as 0 | 1

export async function createPart({ part, gradientModel, update, gradientState, threads, memory, direct }: PartOptions): Promise<Result<Part>> {
  const scope = createScope()
  const gradientSession = await createSession(gradientModel, { device: 'cpu', threads })
  if (!gradientSession.ok) return gradientSession
  scope.add(gradientSession.value)
  const updateSession = await createSession(update.model, { device: 'cpu', threads })
  if (!updateSession.ok) {
    await scope[Symbol.asyncDispose]()
    return updateSession
  }
  scope.add(updateSession.value)

  const { counters, control, states, batches, results, norms } = memory
  const shared = (places: readonly Place[]) => sharedTensors(places, direct)
  const gradientOutputs = shared(placesOf(results[part]!))
  const cut = (whole: Place, name: string, start: number | null, length: number) => (start === null ? { ...whole, name } : sliceOf(whole, name, start, length))
  const resultSlices = update.results.map(({ name, part: of, result, start, shape }) => cut(placeOf(results[of]!, result), name, start, shape[0]!))
  const stateSlices = (block: SharedBlock, prefix: string, slices: UpdateStep['state']) =>
    slices.map(({ name, start, shape }) => cut(placeOf(block, name), prefix + name, start, shape[0]!))
  const turns = ([0, 1] as const).map((read) => ({
    gradientFeeds: shared([...placesOf(states[read]).filter(({ name }) => gradientState.includes(name)), ...placesOf(batches[part]!)]),
    updateFeeds: shared([...placesOf(control), ...stateSlices(states[read], '', update.state), ...resultSlices]),
    updateOutputs: shared([...stateSlices(states[read === 0 ? 1 : 0], NEXT, update.written), ...placesOf(norms[part]!)]),
  }))
  return ok({
    async step(step, look) {
      const { gradientFeeds, updateFeeds, updateOutputs } = turns[stateRead(step)]!
      gradientFeeds.pull()
      await gradientSession.value.run(gradientFeeds.tensors, gradientOutputs.tensors)
      gradientOutputs.push()
      arrive(counters, part, GRADIENTS_OF(step))
      await meet(counters, GRADIENTS_OF(step), look)
      updateFeeds.pull()
      await updateSession.value.run(updateFeeds.tensors, updateOutputs.tensors)
      updateOutputs.push()
      arrive(counters, part, UPDATE_OF(step))
    },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  })
}

/**
 * The tensors that live from step to step. On a GPU they stay there; on the CPU two sets of arrays take turns, so that
 * a step leaves nothing to the garbage collector.
 */
import { assert } from '../kit/index.ts'
import { NEXT, type StateSpec } from '../nn/index.ts'
import { floats, tensor, type RuntimeTensor, type Session, type Tensors } from '../runtime/index.ts'
import type { StateTensor } from './checkpoint/checkpoint.ts'

export type EngineState = ReturnType<typeof createEngineState>

/** `session` is the one whose outputs `next.<name>` are the values for the next step. */
export function createEngineState(specs: readonly StateSpec[], initial: ReadonlyMap<string, Float32Array>, session: Session) {
  let current = new Map<string, RuntimeTensor>(specs.map((s) => [s.name, tensor(initial.get(s.name)!, s.shape)]))
  let next: Map<string, RuntimeTensor> | null =
    session.device === 'cpu' ? new Map(specs.map(({ name, shape }) => [name, tensor(new Float32Array(initial.get(name)!.length), shape)])) : null
  const put = (name: string, value: RuntimeTensor) => {
    current.get(name)?.[Symbol.dispose]()
    current.set(name, value)
  }
  return {
    feeds: (wanted: readonly StateSpec[] = specs) => Object.fromEntries(wanted.map((s) => [s.name, current.get(s.name)!])),
    /** Where a step on the CPU is to write the next values. */
    places: (): Tensors | null => next && Object.fromEntries([...next].map(([name, place]) => [NEXT + name, place])),
    advance(outputs: Tensors) {
      if (next) [current, next] = [next, current]
      else for (const { name } of specs) put(name, outputs[NEXT + name]!)
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

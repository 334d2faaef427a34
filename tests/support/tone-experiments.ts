/** Small experiments on the tones: two networks and two policies that learn in a second. */
import { createExperiments, type Experiments, type ExperimentRecord, type ExperimentRequest, readExperiment } from '../../src-main/experiments/index.ts'
import { AUGMENT_POLICIES } from '../../src-main/augment/index.ts'
import type { Library } from '../../src-main/catalog/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createRunQueue, type RunQueue } from '../../src-main/runs/index.ts'
import { SEPARABLE, SETTINGS } from '../integration/training-data.ts'

const json = <T>(value: T): never => JSON.parse(JSON.stringify(value)) as never
const option = (name: string, value: unknown) => ({ name, value: json(value) })
export const ARCHITECTURES = { field: 'architecture', options: [option('tiny', { architecture: SETTINGS.architecture, frontEnd: null }), option('separable', { architecture: SEPARABLE, frontEnd: null })] } as const
export const POLICIES = { field: 'augment', options: [option('none', AUGMENT_POLICIES.none), option('specaugment', AUGMENT_POLICIES.specaugment)] } as const

export const request = (change: Partial<ExperimentRequest> = {}): ExperimentRequest => ({
  base: json({ ...SETTINGS, epochs: 3 }),
  axes: json([ARCHITECTURES, POLICIES]),
  method: { type: 'factorial', seeds: [1, 2] },
  measure: 'accuracy',
  test: 'all',
  device: 'cpu',
  threads: 1,
  ...change,
})

export interface Laboratory extends AsyncDisposable {
  readonly queue: RunQueue
  readonly experiments: Experiments
  readonly bugs: unknown[]
  /** Waits until the experiment is as it should be. */
  until(id: string, isSo: (record: ExperimentRecord) => boolean): Promise<ExperimentRecord>
}

export function openLaboratory(library: Library): Laboratory {
  const bugs: unknown[] = []
  const queue = createRunQueue(library, { onChange: () => {}, onBug: (cause) => bugs.push(cause) })
  let wake = Promise.withResolvers<void>()
  const onChange = () => {
    wake.resolve()
    wake = Promise.withResolvers()
  }
  const experiments = createExperiments(library, queue, { onChange, onBug: (cause) => bugs.push(cause) })
  return {
    queue, experiments, bugs,
    async until(id, isSo) {
      for (;;) {
        const next = wake.promise
        const record = unwrap(readExperiment(library, id))
        if (isSo(record)) return record
        await next
      }
    },
    async [Symbol.asyncDispose]() {
      await experiments[Symbol.asyncDispose]()
      await queue[Symbol.asyncDispose]()
    },
  }
}
export const isOver = ({ state }: ExperimentRecord): boolean => state.status === 'finished'

import { createRandom, fail, ok, type Result } from '../kit/index.ts'
import { startModelProcess, type ModelProcessOptions } from './process/model-process.ts'

export interface Timing {
  /** For one clip on one thread, from asking the model's process to its answer: the median, the first and the last tenth. */
  readonly milliseconds: number
  readonly low: number
  readonly high: number
  readonly runs: number
}

/** The first answers take longer: the runtime lays out its memory. */
const WARM_UP = 5
const LEAST_RUNS = 20
const MOST_RUNS = 200
/** Milliseconds after which it is enough. */
const LONG_ENOUGH = 1500

/** How long a model takes for one clip, in a process of its own. The sound is noise: nothing in the network depends on what is heard. */
export async function timeModel(path: string, { signal, ...options }: ModelProcessOptions & { readonly signal?: AbortSignal } = {}): Promise<Result<Timing>> {
  const started = await startModelProcess(path, { ...options, threads: 1 })
  if (!started.ok) return started
  await using model = started.value
  const random = createRandom(1)
  const samples = Float32Array.from({ length: Math.round(model.info.clipSeconds * model.info.sampleRate) }, () => random.uniform(-0.1, 0.1))
  const times: number[] = []
  const began = performance.now()
  for (let run = -WARM_UP; run < MOST_RUNS; run++) {
    if (signal?.aborted) return fail('CANCELLED', 'The measurement was stopped')
    const asked = performance.now()
    if (run >= LEAST_RUNS && asked - began > LONG_ENOUGH) break
    const row = await model.classify(samples)
    if (!row.ok) return row
    if (run >= 0) times.push(performance.now() - asked)
  }
  times.sort((a, b) => a - b)
  const at = (part: number): number => times[Math.floor(part * (times.length - 1))]!
  return ok({ milliseconds: at(0.5), low: at(0.1), high: at(0.9), runs: times.length })
}

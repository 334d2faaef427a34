import { fail, ok, type Result } from '../kit/index.ts'
import { startModelProcess } from './process/model-process.ts'

export interface LabelledSound {
  /** Mono at the model's rate. */
  readonly samples: Float32Array
  readonly label: string
}

export interface Measurement {
  readonly clips: number
  /** Share of the clips whose most probable label is theirs. */
  readonly accuracy: number
  /** Milliseconds for one clip on one thread, from asking the model's process to its answer: the median. */
  readonly milliseconds: number
  /** The most probable label of each clip, as an index. */
  readonly predicted: readonly number[]
}

export interface MeasureOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

/** What an exported file does, measured by running it in its own process. */
export async function measureModel(path: string, sounds: readonly LabelledSound[], { signal, onProgress }: MeasureOptions = {}): Promise<Result<Measurement>> {
  if (sounds.length === 0) return fail('INVALID', 'There are no clips to measure the model on')
  const started = await startModelProcess(path, { threads: 1 })
  if (!started.ok) return started
  await using model = started.value
  const times: number[] = []
  const predicted: number[] = []
  for (const { samples } of sounds) {
    if (signal?.aborted) return fail('CANCELLED', 'The measurement was stopped')
    const asked = performance.now()
    const row = await model.classify(samples)
    if (!row.ok) return row
    times.push(performance.now() - asked)
    predicted.push(row.value.indexOf(Math.max(...row.value)))
    onProgress?.({ done: predicted.length, total: sounds.length })
  }
  times.sort((a, b) => a - b)
  const right = sounds.filter(({ label }, i) => model.info.labels[predicted[i]!] === label).length
  return ok({ clips: sounds.length, accuracy: right / sounds.length, milliseconds: times[times.length >> 1]!, predicted })
}

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
}

/** What an exported file does, measured by running it in its own process. */
export async function measureModel(path: string, sounds: readonly LabelledSound[]): Promise<Result<Measurement>> {
  if (sounds.length === 0) return fail('INVALID', 'There are no clips to measure the model on')
  const started = await startModelProcess(path, { threads: 1 })
  if (!started.ok) return started
  await using model = started.value
  const times: number[] = []
  let right = 0
  for (const { samples, label } of sounds) {
    const asked = performance.now()
    const row = await model.classify(samples)
    if (!row.ok) return row
    times.push(performance.now() - asked)
    if (model.info.labels[row.value.indexOf(Math.max(...row.value))] === label) right++
  }
  times.sort((a, b) => a - b)
  return ok({ clips: sounds.length, accuracy: right / sounds.length, milliseconds: times[times.length >> 1]! })
}

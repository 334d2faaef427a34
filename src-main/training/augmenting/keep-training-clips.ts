/** Decodes the training clips for the threads that vary their sound. Throws AppErrors. */
import { createDecodePool } from '../../audio/index.ts'
import { keepClip, stages, type AugmentPolicy, type KeptClip } from '../../augment/index.ts'
import type { FrontEndConfig } from '../../features/index.ts'
import { AppError, unwrap } from '../../kit/index.ts'
import type { TaskContext } from '../evaluate.ts'
import { soundRequest } from '../clip-sound.ts'
import type { TrainingClip } from '../job.ts'
import { writeClipStore, type ClipStore } from './clip-store.ts'

export interface KeepOptions {
  readonly path: string
  readonly clips: readonly TrainingClip[]
  readonly frontEnd: FrontEndConfig
  readonly policy: AugmentPolicy
  readonly labels: readonly string[]
  readonly threads: number
  readonly context: TaskContext
}

/** Clips between two events. */
const TELL_EVERY = 64

export async function keepTrainingClips({ path, clips, frontEnd, policy, labels, threads, context }: KeepOptions): Promise<ClipStore> {
  checkNoiseLabels(policy, clips, labels)
  await using pool = createDecodePool({ workers: threads })
  const requests = clips.map((clip) => soundRequest(clip, frontEnd.sampleRate))
  async function* kept(): AsyncGenerator<KeptClip> {
    let done = 0
    for await (const decoded of pool.decodeAll(requests)) {
      if (context.cancelled()) throw new AppError('CANCELLED', 'Cancelled before training began')
      yield keepClip(unwrap(decoded).samples, frontEnd)
      if (++done % TELL_EVERY === 0 || done === clips.length) context.emit({ type: 'preparing', done, total: clips.length, cached: 0 })
    }
  }
  return await writeClipStore(path, clips.length, kept())
}

/** A label that no training clip has would leave its noise out without a word. */
function checkNoiseLabels(policy: AugmentPolicy, clips: readonly TrainingClip[], labels: readonly string[]): void {
  const present = new Set(clips.map((c) => labels[c.label]!.toLowerCase()))
  for (const { step, index } of stages(policy).waveform) {
    if (step.type !== 'noise' || step.label === null || present.has(step.label.toLowerCase())) continue
    throw new AppError('INVALID', `The augmentation policy takes noise from clips labelled "${step.label}" (steps.${index}.label), and no training clip has that label`, {
      hint: 'Put noise recordings with that label on the training side, or choose another source of noise.',
    })
  }
}

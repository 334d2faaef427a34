import type { DecodePool } from '../audio/index.ts'
import type { Library } from '../catalog/index.ts'
import { createRandom, fail, ok, type Result } from '../kit/index.ts'
import { soundRequest, type TrainingClip } from '../training/index.ts'
import { readRun, readSnapshot } from './record.ts'

export interface RunSound {
  /** Mono at the run's rate. */
  readonly samples: Float32Array
  readonly label: string
}

/**
 * The sounds of one side of a run's split, at most so many, drawn by a fixed seed so that the same run gives the same;
 * sounds that can no longer be read are left out.
 */
export async function runSounds(library: Library, pool: DecodePool, id: string, split: TrainingClip['split'], most: number, signal?: AbortSignal): Promise<Result<RunSound[]>> {
  const details = await readRun(library, id)
  if (!details.ok) return details
  const { record, config } = details.value
  const clips = await readSnapshot(library, record)
  if (!clips.ok) return clips
  const side = clips.value.filter((c) => c.split === split)
  const chosen = createRandom(`sounds of ${split}`).shuffle([...side]).slice(0, most)
  const { sampleRate } = config.settings.frontEnd
  const sounds: RunSound[] = []
  let next = 0
  for await (const sound of pool.decodeAll(chosen.map((clip) => soundRequest(clip, sampleRate)), signal ? { signal } : {})) {
    const { label } = chosen[next++]!
    if (sound.ok && sound.value.samples.length > 0) sounds.push({ samples: sound.value.samples, label: config.labels[label]! })
  }
  if (signal?.aborted) return fail('CANCELLED', 'This was stopped')
  return ok(sounds)
}

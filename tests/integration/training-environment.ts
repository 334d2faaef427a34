import { startTraining, type TrainingClip } from '../../src-main/training/index.ts'
import { toneJob } from './training-data.ts'

/**
 * Trains one epoch with other variables in the environment, which the child that tries the device inherits. What was
 * found out about a device is remembered as long as this process lives: one environment a test file.
 */
export async function trainIn(env: NodeJS.ProcessEnv, folder: string, clips: TrainingClip[], device: 'auto' | 'cpu' | 'webgpu') {
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    return await startTraining(toneJob(folder, clips, { epochs: 1, batch: 6 }, { device }))
  } finally {
    for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key]
    Object.assign(process.env, before)
  }
}

import { join } from 'node:path'

/** The files of a run's folder. */
export const runFiles = (folder: string) => ({
  /** The training job, as JSON. */
  config: join(folder, 'config.json'),
  /** One JSON object a line, growing while the run goes on. */
  metrics: join(folder, 'metrics.jsonl'),
  checkpoints: join(folder, 'checkpoints'),
  /** Samples of the training clips, while a training varies their sound. */
  waveforms: join(folder, 'training-clips.f32'),
  /** One JSON object a line for each validation and test clip. */
  predictions: join(folder, 'predictions.jsonl'),
  result: join(folder, 'result.json'),
  /** There while a process trains the run. */
  lock: join(folder, 'training.lock'),
})

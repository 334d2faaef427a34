/** The clips without a label that would teach a run's network most. */
import { listClipRows, type Library } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { startChoice, type ChoiceJob, type ChoiceMethod, type ChoiceResult, type StartOptions, type TrainingClip } from '../training/index.ts'
import { chooseCheckpoint } from './model.ts'
import { readRun } from './record.ts'

export interface NextClipsRequest {
  readonly run: string
  readonly count: number
  readonly method: ChoiceMethod
}

export interface NextClips extends ChoiceResult {
  readonly dataset: number
  /** What the labels of the choice are indices of. */
  readonly labels: readonly string[]
}

export async function nextClips(library: Library, request: NextClipsRequest, options: StartOptions = {}): Promise<Result<NextClips>> {
  const job = await choiceJob(library, request)
  if (!job.ok) return job
  const { dataset, ...asked } = job.value
  const result = await startChoice(asked, options)
  return result.ok ? ok({ ...result.value, dataset, labels: asked.labels }) : result
}

/** What the training process is asked. */
export async function choiceJob(library: Library, { run, count, method }: NextClipsRequest): Promise<Result<ChoiceJob & { readonly dataset: number }>> {
  const details = await readRun(library, run)
  if (!details.ok) return details
  const { config } = details.value
  const dataset = config.dataset.id
  const rows = listClipRows(library.catalog, dataset, { label: null }).filter((c) => c.review !== 'rejected')
  if (rows.length === 0) return fail('NOT_FOUND', 'Every clip of the dataset has a label', { hint: 'Import or record more, or check the labels that there are.' })
  const clips = rows.map((clip): TrainingClip => ({
    id: clip.id, contentKey: clip.recordingId, path: library.mediaPath({ ...clip, id: clip.recordingId }), startSample: clip.startSample, endSample: clip.endSample,
    sampleRate: clip.sampleRate, edits: [...clip.edits], label: 0, split: 'train',
  }))
  const chosen = await chooseCheckpoint(details.value)
  if (!chosen.ok) return chosen
  const { frontEnd, architecture, seed } = config.settings
  return ok({
    version: 1, dataset, labels: config.labels, clips, frontEnd, architecture, checkpoint: chosen.value.path, device: 'cpu', threads: config.threads,
    features: library.folder.features, seed, count, method,
  })
}

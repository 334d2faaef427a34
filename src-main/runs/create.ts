/** Makes a run: takes a snapshot of the dataset's clips and of the settings, trains nothing yet. */
import { createRun, updateRun, type Library, type RunRecord } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { dataHash, type TrainingSettings } from '../training/index.ts'
import { selectClips } from './select-clips.ts'
import { hashDataset, writeSnapshot, type RunConfig, type SnapshotClip } from './record.ts'

export interface NewTrainingRun {
  /** Its name. */
  readonly dataset: string
  readonly settings: TrainingSettings
  readonly device?: 'auto' | 'cpu' | 'webgpu'
  readonly threads?: number | null
  /** Default true: the test clips are evaluated at the end. */
  readonly test?: boolean
  /** What a person calls the run; the architecture and the dataset unless given. */
  readonly name?: string
  /** The experiment or search that it is part of. */
  readonly group?: string
}

/**
 * The run takes part with every clip that has a label and a side and was not rejected in review; its classes are
 * the labels of those clips, in the label set's order.
 */
export async function createTrainingRun(library: Library, request: NewTrainingRun): Promise<Result<RunRecord>> {
  const selected = selectClips(library, request.dataset)
  if (!selected.ok) return selected
  const { labels, clips: used, unused } = selected.value
  const { id, name } = selected.value.dataset
  if (used.length + unused.unsplit === 0) return fail('INVALID', `The dataset "${name}" has no labelled clip`, { hint: 'Label some clips first.' })
  if (!used.some((c) => c.split === 'train')) {
    return fail('INVALID', `The dataset "${name}" has no clips to train with`, { hint: `Split it first: espectro split ${name}` })
  }
  if (labels.length < 2) return fail('INVALID', `The dataset "${name}" has clips of one label only`, { hint: 'A recogniser needs at least two labels.' })
  const indices = new Map(labels.map((label, index) => [label, index]))
  const clips = used.map((c): SnapshotClip => ({
    id: c.id,
    contentKey: c.recordingId,
    startSample: c.startSample,
    endSample: c.endSample,
    ...(c.edits.length === 0 ? {} : { edits: c.edits }),
    sampleRate: c.sampleRate,
    label: indices.get(c.label!)!,
    split: c.split!,
  }))
  const count = (split: string) => clips.filter((c) => c.split === split).length
  const config: RunConfig = {
    version: 1,
    dataset: { id, name },
    labels: [...labels],
    settings: request.settings,
    device: request.device ?? 'auto',
    threads: request.threads ?? null,
    earlierEpochs: [],
    test: request.test ?? true,
    clips: { train: count('train'), validation: count('validation'), test: count('test') },
    datasetHash: hashDataset(labels, clips),
    splitHash: dataHash(labels, clips),
  }
  const run = createRun(library, { name: request.name ?? `${request.settings.architecture.name} on ${name}`, datasetId: id, config, groupId: request.group ?? null })
  if (!run.ok) return run
  const written = await writeSnapshot(run.value, config, clips)
  if (written.ok) return ok(run.value)
  updateRun(library, run.value.id, { status: 'failed', summary: { error: written.error.toJSON() } })
  return written
}

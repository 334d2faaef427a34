/**
 * What a training with a seed would see of a clip: draw n is the clip in the first pass that hears its n-th variant,
 * under the clip's own place among the training clips of its dataset as they are now.
 */
import type { DecodePool } from '../../audio/index.ts'
import { createWaveformAugmenter, firstPassOf, keepClip, parsePolicy, variantOf, type KeptClip } from '../../augment/index.ts'
import { listClipRows, type Clip, type Library } from '../../catalog/index.ts'
import { frontEndShape, type FrontEndConfig } from '../../features/index.ts'
import { fail, ok, type Result } from '../../kit/index.ts'
import { createClipPool } from '../augmenting/clip-pool.ts'
import { waveformRandom } from '../batch-maker.ts'
import type { ClipPlace } from '../variation.ts'
import { createPreviewThread } from './preview-thread.ts'
import type { PreviewResult } from './protocol.ts'

export interface PreviewRequest {
  /** The catalog's id. */
  readonly clip: number
  readonly frontEnd: FrontEndConfig
  /** Anything: it is checked. */
  readonly policy: unknown
  readonly seed: number
  /** How many, from the first. */
  readonly draws: number
}

export interface Preview extends PreviewResult {
  /** [channels, height, width] of the features. */
  readonly shape: readonly [number, number, number]
}

export interface AugmentPreview extends AsyncDisposable {
  preview(request: PreviewRequest): Promise<Result<Preview>>
}

export function createAugmentPreview(library: Library, decodePool: DecodePool): AugmentPreview {
  const thread = createPreviewThread()

  async function decode(id: number, { sampleRate }: FrontEndConfig, datasetId: number): Promise<Result<Float32Array>> {
    const [clip] = listClipRows(library.catalog, datasetId, { ids: [id] })
    if (!clip) return fail('NOT_FOUND', 'This clip is no longer there')
    const { startSample, endSample, edits } = clip
    const decoded = await decodePool.decode({ path: library.mediaPath({ ...clip, id: clip.recordingId }), startSample, endSample, edits, sampleRate })
    return decoded.ok ? ok(decoded.value.samples) : decoded
  }

  return {
    async preview({ clip, frontEnd, policy: value, seed, draws }) {
      const policy = parsePolicy(value)
      if (!policy.ok) return policy
      if (frontEnd.normalise === 'dataset')
        return fail('INVALID', 'This front end normalises by the whole dataset, which a preview of one clip cannot', { hint: 'Choose another front end for the preview.' })
      const found = library.catalog.get<{ datasetId: number }>('SELECT dataset_id AS datasetId FROM clips WHERE id = ? AND binned_at IS NULL', clip)
      if (!found) return fail('NOT_FOUND', 'This clip is no longer there')
      const training = trainingClips(library, found.datasetId)
      // A clip that is not trained on is shown as if it were the first.
      const index = Math.max(0, training.ids.indexOf(clip))
      const ids = training.ids.length === 0 || training.ids[index] === clip ? training.ids : [clip, ...training.ids.slice(1)]
      const pool = createClipPool(training.labels, training.names)
      const augment = createWaveformAugmenter(policy.value, frontEnd, pool)
      const places = Array.from({ length: draws }, (_, n): ClipPlace => ({ clip: index, pass: firstPassOf(policy.value, n) }))
      const needed = new Set([index, ...places.flatMap((p) => augment(waveformRandom(seed, variantOf(policy.value, p.clip, p.pass), p.clip)).needs)])
      const clips = new Map<number, KeptClip>()
      for (const i of needed) {
        const samples = await decode(ids[i] ?? clip, frontEnd, found.datasetId)
        if (!samples.ok) return samples
        clips.set(i, keepClip(samples.value, frontEnd))
      }
      const made = await thread.perform({ frontEnd, policy: policy.value, seed, places, labels: training.labels, labelNames: training.names, clips })
      return made.ok ? ok({ ...made.value, shape: frontEndShape(frontEnd) }) : made
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  }
}

interface TrainingClips {
  readonly ids: readonly Clip['id'][]
  readonly labels: Int32Array
  readonly names: readonly string[]
}

/** In the order in which a training that began now would take them. */
function trainingClips({ catalog }: Library, datasetId: number): TrainingClips {
  const rows = catalog.all<{ id: number; label: number }>(
    `SELECT id, label_id AS label FROM clips
     WHERE dataset_id = ? AND split = 'train' AND label_id IS NOT NULL AND review <> 'rejected' AND binned_at IS NULL ORDER BY id`,
    datasetId,
  )
  const names = catalog.all<{ id: number; name: string }>('SELECT id, name FROM labels WHERE dataset_id = ? ORDER BY position, id', datasetId)
  const places = new Map(names.map(({ id }, i) => [id, i]))
  return { ids: rows.map((r) => r.id), labels: Int32Array.from(rows, (r) => places.get(r.label)!), names: names.map((n) => n.name) }
}

import { progressStream } from '../progress-stream.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'
import { datasetName } from './names.ts'

const BYTES = 'application/octet-stream'
const SPLITS = ['train', 'validation', 'test']

export const maps = {
  make: calls.maps.make.handler(async function* ({ input, context: { services }, signal }) {
    const stream = progressStream(services, signal, async (onProgress: (p: Progress) => void, stop) => {
      datasetName(services.library, input.dataset)
      return services.maps.make(input, { onProgress, signal: stop })
    })
    for await (const event of stream) {
      if ('progress' in event) {
        yield { type: 'progress' as const, ...event.progress }
        continue
      }
      const { ids, positions, variance, skipped, layer } = event.result
      yield { type: 'map' as const, clips: ids.length, skipped, ids: shelve(services, ids), positions: shelve(services, positions), variance: [...variance], layer }
    }
  }),
  clips: calls.maps.clips.handler(({ input: { dataset }, context: { services } }) => {
    const { catalog } = services.library
    datasetName(services.library, dataset)
    const rows = catalog.all<{ id: number; label: number | null; split: string | null; speaker: string | null }>(
      'SELECT id, label_id AS label, split, speaker FROM clips WHERE dataset_id = ? AND binned_at IS NULL ORDER BY id', dataset)
    const speakers = new Map<string, number>()
    const columns = new Int32Array(4 * rows.length)
    for (const [i, { id, label, split, speaker }] of rows.entries()) {
      if (speaker !== null && !speakers.has(speaker)) speakers.set(speaker, speakers.size)
      columns.set([id, label ?? 0, split === null ? 0 : SPLITS.indexOf(split) + 1, speaker === null ? -1 : speakers.get(speaker)!], 4 * i)
    }
    return { clips: rows.length, columns: shelve(services, columns), speakers: [...speakers.keys()] }
  }),
}

type Progress = Parameters<Parameters<Services['maps']['make']>[1]['onProgress']>[0]

const shelve = ({ shelf }: Services, values: Int32Array | Float32Array): string =>
  shelf.put(new Uint8Array(values.slice().buffer as ArrayBuffer), BYTES)

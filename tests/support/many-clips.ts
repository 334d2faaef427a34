import { ensureDataset, ensureLabel, insertClip, insertRecording, type Library } from '../../src-main/catalog/index.ts'
import { createRandom, ok, unwrap } from '../../src-main/kit/index.ts'

const SPLITS = ['train', 'train', 'train', 'validation', 'test', null] as const

/** A dataset `many` of so many clips in no order: rows that share a hundred recordings, whose files do not exist. */
export function fillLibrary(library: Library, clips: number): void {
  unwrap(library.catalog.transact('fill', (catalog) => {
    const random = createRandom('many')
    const dataset = unwrap(ensureDataset(catalog, 'many'))
    const labels = Array.from({ length: 40 }, (_, i) => unwrap(ensureLabel(catalog, dataset.id, `word${i}`)).id)
    const recordings = Array.from({ length: 100 }, (_, i) =>
      insertRecording(catalog, {
        id: i.toString(16).padStart(2, '0').repeat(32), extension: 'wav', linkedPath: null, linkedModifiedMs: null, originalName: `tape${i}.wav`,
        container: 'wav', codec: 'pcm_s16le', sampleRate: 16_000, channels: 1, frames: clips * 160, bytes: clips * 320,
      }))
    for (let i = 0; i < clips; i++) {
      const start = Math.floor(i / 100) * 16_000
      const speaker = random.int(200)
      insertClip(catalog, {
        datasetId: dataset.id, recordingKey: recordings[i % 100]!, startSample: start, endSample: start + 1600 + random.int(14_400), sampleRate: 16_000,
        labelId: random.int(20) === 0 ? null : labels[random.int(40)]!, split: SPLITS[random.int(6)]!, speaker: `speaker${speaker}`,
        session: `session${speaker % 12}`, source: `folder${random.int(20)}/word${random.int(40)}_${String(random.int(1_000_000)).padStart(6, '0')}_${i}.wav`,
      })
    }
    // Somebody has looked at them: else the studio would want to read files that do not exist.
    catalog.run('UPDATE clips SET quality = 0')
    return ok(undefined)
  }, { undoable: false }))
}

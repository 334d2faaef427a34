import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { datasetRecordings, findDataset, readDatasetRows, SCHEMA_VERSION, type Library } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { CLIPS, FORMAT, MANIFEST, recordingEntry, VERSION, type Manifest } from './manifest.ts'

/**
 * A dataset as one file: its labels, its clips with all that is known of them, and the recordings as they are.
 * The stream reads one recording at a time; destroying it ends the work. A recording that is not there is an
 * error before anything is written.
 */
export async function writeArchive(library: Library, dataset: string): Promise<Result<Readable>> {
  const found = findDataset(library.catalog, dataset)
  if (!found.ok) return found
  const { labels, clips } = readDatasetRows(library.catalog, found.value.id)
  const recordings = datasetRecordings(library.catalog, found.value.id)
  for (const recording of recordings) {
    const path = library.mediaPath(recording)
    const size = await stat(path).then((s) => s.size, () => null)
    if (size !== recording.bytes)
      return fail('NOT_FOUND', size === null ? 'A recording of the dataset is missing' : 'A recording of the dataset was changed', {
        file: path, hint: 'Put the file back, or move its clips to the bin.',
      })
  }
  const manifest: Manifest = {
    format: FORMAT,
    version: VERSION,
    schema: SCHEMA_VERSION,
    dataset: { name: found.value.name, labels: labels.map((row) => ({ ...row })), clips: clips.length },
    recordings: recordings.map(({ id, extension, originalName, bytes }) => ({ id, extension, originalName, bytes })),
  }
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(JSON.stringify(manifest)), MANIFEST)
  zip.addBuffer(Buffer.from(clips.map((clip) => `${JSON.stringify(clip)}\n`).join('')), CLIPS)
  // Sound hardly packs, and packed sound not at all: stored as it is, it is read fast and checked by its hash.
  for (const recording of recordings)
    zip.addReadStreamLazy(recordingEntry(recording), { compress: false, size: recording.bytes }, (cb) => cb(null, createReadStream(library.mediaPath(recording))))
  zip.end()
  return ok(zip.outputStream as Readable)
}

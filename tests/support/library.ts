import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ensureDataset, ensureLabel, insertClip, insertRecording, openLibrary, recordingKey, type Library, type OpenOptions,
} from '../../src-main/catalog/index.ts'
import { hashBytes, ok, unwrap } from '../../src-main/kit/index.ts'

export interface TemporaryLibrary extends Disposable {
  /** Holds the library and whatever else the test puts beside it; removed at the end. */
  readonly folder: string
  readonly root: string
  readonly library: Library
  /** Closes the library and opens it again. */
  reopen(options?: OpenOptions): Library
}

/** A fresh, real library below the system's temporary folder. */
export function temporaryLibrary(): TemporaryLibrary {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-library-'))
  const root = join(folder, 'library')
  let library = unwrap(openLibrary(root))
  return {
    folder,
    root,
    get library() {
      return library
    },
    reopen(options) {
      library.close()
      library = unwrap(openLibrary(root, options))
      return library
    },
    [Symbol.dispose]() {
      library.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface SyntheticClip {
  readonly label?: string | null
  readonly speaker?: string | null
  readonly take?: string | null
  readonly source?: string
  /** Clips with the same number share a recording; default: one each. */
  readonly recording?: number
}

/** Rows without files: one second at 8 kHz each, a recording's clips one after the other. */
export function addClips(library: Library, dataset: string, clips: readonly SyntheticClip[]): void {
  unwrap(
    library.catalog.transact(
      'synthetic',
      (catalog) => {
        const { id: datasetId } = unwrap(ensureDataset(catalog, dataset))
        const used = new Map<string, number>()
        for (const [index, clip] of clips.entries()) {
          const id = hashBytes(`${dataset} ${clip.recording ?? index}`)
          const place = used.get(id) ?? 0
          used.set(id, place + 1)
          const key = recordingKey(catalog, id) ?? insertRecording(catalog, {
            id, extension: 'wav', linkedPath: null, linkedModifiedMs: null, originalName: `${index}.wav`, container: 'wav',
            codec: 'pcm_s16le', sampleRate: 8000, channels: 1, frames: 80_000, bytes: 160_044,
          })
          insertClip(catalog, {
            datasetId, recordingKey: key, startSample: place * 8000, endSample: (place + 1) * 8000, sampleRate: 8000,
            labelId: clip.label == null ? null : unwrap(ensureLabel(catalog, datasetId, clip.label)).id,
            speaker: clip.speaker ?? null, take: clip.take ?? null, source: clip.source ?? `${index}.wav`,
          })
        }
        return ok(undefined)
      },
      { undoable: false },
    ),
  )
}

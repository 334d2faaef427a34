import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLibrary, type Library } from '../../src-main/catalog/index.ts'
import { importFolder, splitDataset } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createTrainingRun, type RunQueue } from '../../src-main/runs/index.ts'
import type { TrainingSettings } from '../../src-main/training/index.ts'
import { makeToneClips, SETTINGS } from '../integration/training-data.ts'

export interface ToneLibrary extends Disposable {
  readonly root: string
  readonly library: Library
  /** A run that waits for nobody yet; returns its id. */
  run(settings?: Partial<TrainingSettings>): Promise<string>
}

/** A library with the dataset `tones`, split: three pitches that a tiny network learns in a second. */
export async function toneLibrary(): Promise<ToneLibrary> {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-tones-'))
  const root = join(folder, 'library')
  makeToneClips(join(folder, 'tones'))
  const library = unwrap(openLibrary(root))
  const labels = { from: 'filename', pattern: '{label}_{speaker}_{take}' } as const
  unwrap(await importFolder(library, { path: join(folder, 'tones'), dataset: 'tones', labels }))
  unwrap(splitDataset(library, 'tones', { test: 0.2, validation: 0.2 }))
  return {
    root,
    library,
    async run(settings = {}) {
      return unwrap(await createTrainingRun(library, { dataset: 'tones', settings: { ...SETTINGS, ...settings }, device: 'cpu', threads: 1 })).id
    },
    [Symbol.dispose]() {
      library.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until the queue is as it should be. */
export async function until(queue: RunQueue, isSo: (state: RunQueue['state']) => boolean): Promise<RunQueue['state']> {
  for await (const state of queue.watch()) if (isSo(state)) return state
  throw new Error('the queue was closed')
}

export const isIdle = (state: RunQueue['state']): boolean => state.current === null && (state.held || state.waiting.length === 0)

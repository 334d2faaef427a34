import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DecodePool } from '../audio/index.ts'
import { ensureDataset, recordingKey, type Library } from '../catalog/index.ts'
import { err, fail, ok, toAppError, writeFileAtomic, type Result } from '../kit/index.ts'
import { importBatch } from './import-batch.ts'
import { NO_FACTS } from './label-source.ts'

/** A sound that no file of the person's holds: a take from the microphone, a detection that is kept. */
export interface NewSound {
  /** A whole audio file, usually WAV. */
  readonly bytes: Uint8Array
  /** What the clip is called, with an extension: `siete_ana_3.wav`. */
  readonly name: string
  /** Name of the dataset; made where there is none. */
  readonly dataset: string
  /** Made where the dataset has none of this name. */
  readonly label: string | null
  readonly speaker?: string | null
  readonly session?: string | null
  readonly take?: string | null
}

export interface KeptSound {
  readonly datasetId: number
  /** The clip of the whole sound. */
  readonly clip: number
  /** SHA-256 */
  readonly recording: string
  /** False where the dataset had this very sound already; its clip is left as it is. */
  readonly added: boolean
}

/** Stores a sound as a recording with one clip, as one change that can be undone under `entry`. */
export async function keepSound(library: Library, pool: DecodePool, sound: NewSound, entry = 'record'): Promise<Result<KeptSound>> {
  const path = join(library.folder.inbox, `${randomUUID()}.${sound.name.split('.').at(-1)!.replace(/[^A-Za-z0-9]/g, '') || 'wav'}`)
  try {
    await writeFileAtomic(path, sound.bytes)
    return await keepFile()
  } catch (cause) {
    return err(toAppError(cause, 'the sound could not be kept', sound.name))
  } finally {
    await rm(path, { force: true })
  }

  async function keepFile(): Promise<Result<KeptSound>> {
    const inspected = await pool.inspect(path)
    if (!inspected.ok) return inspected
    const { frames } = inspected.value.info
    if (frames === null || frames === 0) return fail('AUDIO_EMPTY', 'The file holds no sound', { file: sound.name })
    const group = randomUUID()
    const dataset = library.catalog.transact(entry, (catalog) => ensureDataset(catalog, sound.dataset), { group })
    if (!dataset.ok) return dataset
    const { label, speaker = null, session = null, take = null } = sound
    const clips = [{ ...NO_FACTS, label, speaker, session, take, origin: null }]
    const file = { path, name: sound.name, clips }
    const target = { library, datasetId: dataset.value.id, link: false, group, entry }
    const stored = await importBatch(target, [{ file, result: ok({ ...inspected.value, frames }) }])
    if (!stored.ok) return stored
    const problem = stored.value.failed[0]
    if (problem) return fail(problem.code, problem.message, problem)
    const clip = library.catalog.get<{ id: number }>(
      'SELECT id FROM clips WHERE dataset_id = ? AND recording_key = ? AND start_sample = 0 AND end_sample = ?',
      dataset.value.id, recordingKey(library.catalog, inspected.value.sha256)!, frames)!
    return ok({ datasetId: dataset.value.id, clip: clip.id, recording: inspected.value.sha256, added: stored.value.added > 0 })
  }
}

/** Every recording in a folder, scored; and those that arrive later, where that is wanted. */
import { err, fail, ok, type AppError, type Result } from '../../kit/index.ts'
import type { DecodePool } from '../../audio/index.ts'
import type { ModelProcess } from '../process/model-process.ts'
import { concernsModel } from '../recognise-files.ts'
import { recordingPieces } from '../recording-pieces.ts'
import { scoreRecording, type ScoreOptions } from '../score-recording.ts'
import type { ScoreTrack } from '../score-track.ts'
import { listSounds, type SoundFile } from './list-sounds.ts'
import { watchFolder } from './watch-folder.ts'

export interface FolderRecognition extends Omit<ScoreOptions, 'onProgress'> {
  readonly watch: boolean
  readonly signal: AbortSignal
  /** `seconds` of the file have been judged. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number; readonly name: string; readonly seconds: number; readonly length: number | null }) => void
  /** What a file came to. It may be asked to wait. */
  readonly onFile: (file: SoundFile, result: Result<ScoreTrack>) => Promise<void> | void
  /** All that was there has been judged. */
  readonly onWatching: () => void
}

export async function recogniseFolder(models: readonly ModelProcess[], pool: DecodePool, folder: string, how: FolderRecognition): Promise<Result<void>> {
  const listed = await listSounds(folder)
  if (!listed.ok) return listed
  if (listed.value.length === 0 && !how.watch)
    return fail('NOT_FOUND', 'There are no recordings here', { file: folder, hint: 'WAV, AIFF, FLAC, MP3, Ogg, Opus, WebM and M4A are read.' })
  let done = 0
  let total = listed.value.length

  async function one(file: SoundFile): Promise<AppError | null> {
    const told = await pool.probe(file.path, { signal: how.signal })
    const length = told.ok && told.value.frames !== null ? told.value.frames / told.value.sampleRate : null
    const tell = (seconds: number) => how.onProgress({ done, total, name: file.name, seconds, length })
    tell(0)
    const track = await scoreRecording(models, recordingPieces(pool, file.path, models[0]!.info.sampleRate, how.signal), { ...how, onProgress: tell })
    if (how.signal.aborted) return null
    if (!track.ok && concernsModel(models, track.error)) return track.error
    done++
    await how.onFile(file, track)
    return null
  }

  for (const file of listed.value) {
    if (how.signal.aborted) break
    const wrong = await one(file)
    if (wrong) return err(wrong)
  }
  if (!how.watch || how.signal.aborted) return ok(undefined)
  how.onWatching()
  for await (const file of watchFolder(folder, { signal: how.signal, known: listed.value })) {
    total++
    const wrong = await one(file)
    if (wrong) return err(wrong)
    how.onWatching()
  }
  return ok(undefined)
}

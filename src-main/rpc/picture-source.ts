import { findRecording, mediaProblem } from '../catalog/index.ts'
import { err, fail, ok, type Result } from '../kit/index.ts'
import type { PictureSource } from '../pictures/index.ts'
import type { Services } from './services.ts'

/** A recording whose file is there as it was imported; else what is wrong with it. */
export function pictureSource({ library }: Pick<Services, 'library'>, id: string): Result<PictureSource> {
  const recording = findRecording(library.catalog, id)
  if (!recording) return fail('NOT_FOUND', 'There is no such recording in this library')
  const problem = mediaProblem(library, recording)
  if (problem) return err(problem)
  const { container, sampleRate, frames } = recording
  return ok({ id, path: library.mediaPath(recording), container, sampleRate, frames })
}

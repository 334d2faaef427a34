import { encodeWav } from '../audio/index.ts'
import { bytesResponse } from './byte-range.ts'
import { answerWith, failed, problem } from './media-answers.ts'
import type { Services } from './services.ts'

/** The address that `detectedSoundUrl` makes; times in milliseconds. */
const ADDRESS = /^\/detected\/([\w-]{22})\/(\d{1,7})\/(\d{1,10})-(\d{1,10})\.wav$/
/** Seconds of one answer at most. */
const LONGEST = 60

/** A span of a judged file as WAV; null where the address is not one. */
export async function serveDetectedSound(request: Request, services: Services): Promise<Response | null> {
  const [, job = '', index = '', startText = '', endText = ''] = ADDRESS.exec(new URL(request.url).pathname) ?? []
  if (job === '') return null
  const file = services.detections.file(job, Number(index))
  if (!file.ok) return failed(file.error)
  const [start, end] = [Number(startText) / 1000, Number(endText) / 1000]
  if (!(end > start) || end - start > LONGEST) return problem(400, 'The span is not one that can be played')
  const sound = await spanOf(services, file.value.path, start, end, request.signal)
  return answerWith(sound, ({ samples, sampleRate }) => bytesResponse(request, encodeWav(samples, sampleRate), 'audio/wav'))
}

/** [start, end) seconds of a file at its own rate. */
export async function spanOf({ decodePool }: Services, path: string, start: number, end: number, signal?: AbortSignal) {
  const told = await decodePool.probe(path, signal ? { signal } : {})
  if (!told.ok) return told
  const { sampleRate, frames } = told.value
  const startSample = Math.round(start * sampleRate)
  const endSample = Math.min(frames ?? Infinity, Math.round(end * sampleRate))
  return await decodePool.decode({ path, sampleRate: null, startSample, endSample }, signal ? { signal } : {})
}

import { createHash } from 'node:crypto'
import { ok, type Result } from '../kit/index.ts'
import { decodeFile, type DecodeRequest } from './audio-file.ts'
import { fingerprint } from './fingerprint.ts'
import { measureQuality, type Quality } from './quality.ts'

/** What is computed once of a span's samples: how good they are, and what tells them from others. */
export interface Analysis {
  readonly quality: Quality
  /** SHA-256 of the sample rate and the mono samples: equal for a WAV file and its FLAC copy. */
  readonly samplesHash: string
  /** `FINGERPRINT_SIZE` signed bytes; null where the sound has no pattern. */
  readonly fingerprint: Int8Array<ArrayBuffer> | null
}

/** Goes up when a measure or the fingerprint changes: what was computed before is then computed again. */
export const ANALYSIS_VERSION = 1

export async function analyseFile(request: DecodeRequest): Promise<Result<Analysis>> {
  const sound = await decodeFile(request)
  if (!sound.ok) return sound
  const { samples, sampleRate } = sound.value
  // Decoders differ in the sign of zero; no ear and no network does.
  const unsigned = samples.map((x) => x + 0)
  const hash = createHash('sha256').update(`${sampleRate} `).update(new Uint8Array(unsigned.buffer))
  return ok({ quality: measureQuality(samples, sampleRate), samplesHash: hash.digest('hex'), fingerprint: fingerprint(samples, sampleRate) })
}

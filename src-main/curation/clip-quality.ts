import { QUALITY_LIMITS } from '../audio/index.ts'
import { findSound, type Library } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { flagsOf, type QualityFlag } from './quality-flags.ts'

/** Why a clip has a flag, in numbers: a level in dBFS, a part of full scale, a count, seconds. */
export interface FlagReason {
  readonly flag: QualityFlag
  readonly value: number | null
  /** Where the flag begins. */
  readonly limit: number | null
}

export interface Likened {
  readonly id: number
  readonly name: string
  readonly same: boolean
}

export interface ClipQuality {
  /** False until somebody has looked at it. */
  readonly measured: boolean
  readonly problem: string | null
  readonly peakDbfs: number | null
  readonly rmsDbfs: number | null
  readonly noiseFloorDbfs: number | null
  readonly snrDb: number | null
  readonly reasons: readonly FlagReason[]
  /** Clips of the dataset that are the same or alike, the bin left out; at most twenty. */
  readonly likes: readonly Likened[]
}

const LIKES = 20

export function clipQuality({ catalog }: Library, id: number): Result<ClipQuality> {
  const clip = catalog.get<{ dataset: number; quality: number | null; seconds: number; sound: number | null; near: number | null }>(
    'SELECT dataset_id AS dataset, quality, seconds, sound_group AS sound, near_group AS near FROM clips WHERE id = ?', id)
  if (!clip) return fail('NOT_FOUND', 'This clip is no longer there')
  const sound = findSound(catalog, id)
  const likes = catalog.all<{ id: number; name: string; same: number }>(
    `SELECT c.id, coalesce(c.source, r.original_name) AS name, c.sound_group IS NOT NULL AND c.sound_group IS ? AS same
     FROM clips c JOIN recordings r ON r.key = c.recording_key
     WHERE c.dataset_id = ? AND c.id <> ? AND c.binned_at IS NULL AND (c.sound_group = ? OR c.near_group = ?) ORDER BY same DESC, c.id LIMIT ?`,
    clip.sound, clip.dataset, id, clip.sound, clip.near, LIKES)
  const numbers: Readonly<Record<QualityFlag, readonly [number | null, number | null]>> = {
    clipped: [sound?.clippedSamples ?? null, null],
    silent: [sound?.peakDbfs ?? null, QUALITY_LIMITS.silence],
    quiet: [sound?.loudestDbfs ?? null, QUALITY_LIMITS.quiet],
    'dc-offset': [sound?.dcOffset ?? null, QUALITY_LIMITS.dcOffset],
    noisy: [sound?.snrDb ?? null, QUALITY_LIMITS.snr],
    short: [clip.seconds, null],
    long: [clip.seconds, null],
    unreadable: [null, null],
    duplicate: [likes.filter((l) => l.same === 1).length, null],
    'near-duplicate': [likes.filter((l) => l.same === 0).length, null],
  }
  return ok({
    measured: clip.quality !== null,
    problem: sound?.problem ?? null,
    peakDbfs: sound?.peakDbfs ?? null,
    rmsDbfs: sound?.rmsDbfs ?? null,
    noiseFloorDbfs: sound?.noiseFloorDbfs ?? null,
    snrDb: sound?.snrDb ?? null,
    reasons: flagsOf(clip.quality).map((flag) => ({ flag, value: numbers[flag][0], limit: numbers[flag][1] })),
    likes: likes.map((l) => ({ ...l, same: l.same === 1 })),
  })
}

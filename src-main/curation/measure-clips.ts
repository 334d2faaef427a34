import { ANALYSIS_VERSION, soundFlags, type Analysis, type DecodePool } from '../audio/index.ts'
import { listUnmeasured, NO_SOUND, putSound, type Library, type Sound, type UnmeasuredClip } from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'
import { flagBits } from './quality-flags.ts'

/** Clips of one step: one flush of the disk serves them all, and a stop costs at most these. */
const STEP = 200

/** Looks at the next clips of a dataset that nobody has looked at; returns how many, 0 where none are left. */
export async function measureSome(library: Library, datasetId: number, pool: DecodePool, signal: AbortSignal): Promise<Result<number>> {
  const clips = listUnmeasured(library.catalog, datasetId, ANALYSIS_VERSION, STEP)
  if (clips.length === 0) return ok(0)
  const sounds = await Promise.all(clips.map((clip) => (clip.known === null ? soundOf(library, clip, pool, signal) : null)))
  if (signal.aborted) return ok(0)
  return library.catalog.transact('measure', (catalog) => {
    for (const [i, clip] of clips.entries()) {
      const sound = sounds[i]!
      if (sound) putSound(catalog, clip, sound)
      catalog.run(
        'UPDATE clips SET quality = ? WHERE id = ? AND recording_key = ? AND start_sample = ? AND end_sample = ?',
        sound?.flags ?? clip.known!, clip.id, clip.recordingKey, clip.startSample, clip.endSample)
    }
    return ok(clips.length)
  }, { undoable: false })
}

async function soundOf(library: Library, clip: UnmeasuredClip, pool: DecodePool, signal: AbortSignal): Promise<Sound> {
  const path = library.mediaPath({ id: clip.sha256, extension: clip.extension, linkedPath: clip.linkedPath })
  const analysis = await pool.analyse({ path, startSample: clip.startSample, endSample: clip.endSample }, { signal })
  if (!analysis.ok) return { ...NO_SOUND, version: ANALYSIS_VERSION, problem: analysis.error.message, flags: flagBits(['unreadable']) }
  return toSound(analysis.value)
}

function toSound({ quality, samplesHash, fingerprint }: Analysis): Sound {
  const { peakDbfs, rmsDbfs, loudestDbfs, dcOffset, clippedSamples, noiseFloorDbfs, snrDb } = quality
  return {
    version: ANALYSIS_VERSION, problem: null, samplesHash,
    peakDbfs, rmsDbfs, loudestDbfs, dcOffset, clippedSamples, noiseFloorDbfs, snrDb,
    flags: flagBits(soundFlags(quality)),
    fingerprint: fingerprint && new Uint8Array(fingerprint.buffer),
  }
}

import type { Edit as ContractEdit } from '../../../src-contract/index.ts'
import { findSegments, parseEdits, snap, SNAP_REACH, type Edit } from '../../audio/index.ts'
import { findRecording, type Library, type Recording } from '../../catalog/index.ts'
import { createRegions, mergeRegions, placeRegion, setSoundEdits, splitRegion } from '../../curation/index.ts'
import { AppError } from '../../kit/index.ts'
import { answer } from '../call-errors.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'
import { editClips } from './clips.ts'
import { datasetName, labelName } from './names.ts'

/** Segments that travel to the window. */
const LISTED = 20_000

export const regions = {
  create: calls.regions.create.handler(({ input, context: { services } }) => {
    const label = input.label === null ? null : labelName(services.library, input.dataset, input.label)
    const { recording, spans } = input
    const ids = changed(services, createRegions(services.library, datasetName(services.library, input.dataset), { recording, spans, label }))
    return { ids }
  }),
  place: calls.regions.place.handler(({ input: { dataset, clip, start, end, band, gesture }, context: { services } }) => {
    const span = { start, end, ...(band === undefined ? {} : { band }) }
    changed(services, placeRegion(services.library, datasetName(services.library, dataset), clip, span, gesture))
  }),
  split: calls.regions.split.handler(({ input, context: { services } }) => ({
    ids: changed(services, splitRegion(services.library, datasetName(services.library, input.dataset), input.clip, input.at)),
  })),
  merge: calls.regions.merge.handler(({ input, context: { services } }) => ({
    id: changed(services, mergeRegions(services.library, datasetName(services.library, input.dataset), input.clips)),
  })),
  snap: calls.regions.snap.handler(async ({ input: { recording: id, at, to }, context: { services }, signal }) => {
    const recording = recordingOf(services.library, id)
    const reach = Math.round(SNAP_REACH[to] * recording.sampleRate)
    const start = Math.max(0, Math.min(at, recording.frames) - reach)
    const sound = answer(await services.decodePool.decode(
      { path: services.library.mediaPath(recording), sampleRate: null, startSample: start, endSample: Math.min(recording.frames, at + reach) }, { signal }))
    return { at: Math.min(recording.frames, start + snap(sound.samples, sound.sampleRate, Math.min(at, recording.frames) - start, to)) }
  }),
  segment: calls.regions.segment.handler(async ({ input, context: { services } }) => {
    const recording = recordingOf(services.library, input.recording)
    const envelope = answer(await services.envelopes.of({ id: recording.id, path: services.library.mediaPath(recording) }))
    const { spans, threshold } = findSegments(envelope, input.settings)
    return { spans: spans.slice(0, LISTED).map((s) => ({ ...s })), found: spans.length, threshold, noiseFloor: envelope.noiseFloor }
  }),
  setEdits: calls.regions.setEdits.handler(({ input, context: { services } }) => {
    const edits = answer(parseEdits(input.edits))
    return editClips(services, input.clips, (dataset, ids) => setSoundEdits(services.library, dataset, ids, edits, input.gesture))
  }),
}

function changed<T>(services: Services, result: Parameters<typeof answer<T>>[0]): T {
  const value = answer(result)
  services.changes.announce()
  return value
}

function recordingOf({ catalog }: Library, id: string): Recording {
  const recording = findRecording(catalog, id)
  if (!recording) throw new AppError('NOT_FOUND', 'There is no such recording in this library')
  return recording
}

/** The contract's edits and the audio room's are the same; where they part, this does not compile. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
true satisfies Same<Readonly<ContractEdit>, Edit>

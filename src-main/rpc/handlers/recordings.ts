import { clipsOfRecording, openClip } from '../../curation/index.ts'
import { answer, asCallError } from '../call-errors.ts'
import { pictureSource } from '../picture-source.ts'
import { calls } from './base.ts'

export const recordings = {
  open: calls.recordings.open.handler(({ input, context: { services } }) => {
    const { dataset, clip, place, recording, problem } = answer(openClip(services.library, input.clip))
    return {
      dataset,
      clip,
      place,
      recording: {
        id: recording.id,
        name: recording.originalName,
        container: recording.container,
        codec: recording.codec,
        sampleRate: recording.sampleRate,
        channels: recording.channels,
        frames: recording.frames,
        seconds: recording.frames / recording.sampleRate,
        linked: recording.linkedPath !== null,
        problem: problem && { message: problem.message, hint: problem.hint ?? null },
      },
    }
  }),
  clips: calls.recordings.clips.handler(({ input, context: { services } }) => {
    const { total, rows } = clipsOfRecording(services.library, input.dataset, input.recording, input.offset, input.limit)
    return { total, clips: rows }
  }),
  measure: calls.recordings.measure.handler(async function* ({ input, context: { services }, signal }) {
    try {
      const source = answer(pictureSource(services, input.recording))
      for await (const progress of services.pictures.peaks.measure(source, signal)) yield answer(progress)
    } catch (cause) {
      throw asCallError(cause, services.onBug)
    }
  }),
}

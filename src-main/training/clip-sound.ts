import type { DecodeRequest } from '../audio/index.ts'
import type { TrainingClip } from './job.ts'

/** The sound of a clip as training and evaluation hear it: its span, after its edits, at one rate (Hz). */
export const soundRequest = ({ path, startSample, endSample, edits }: TrainingClip, sampleRate: number): DecodeRequest => ({
  path, startSample, endSample, edits, sampleRate,
})

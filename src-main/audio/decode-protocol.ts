import type { SerialisedError } from '../kit/index.ts'
import type { DecodeRequest, Inspection, MonoSound } from './audio-file.ts'
import type { AudioInfo } from './pcm.ts'

/** What the pool asks of a worker. */
export interface Job {
  readonly id: number
  readonly kind: keyof Answers
  readonly request: DecodeRequest
}

/** What each kind of job is answered with. */
export interface Answers {
  readonly decode: MonoSound
  readonly probe: AudioInfo
  readonly inspect: Inspection
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: SerialisedError }

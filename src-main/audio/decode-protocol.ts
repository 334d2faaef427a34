import type { SerialisedError } from '../kit/index.ts'
import type { Analysis } from './analyse.ts'
import type { DecodeRequest, ExtremesRequest, FileRequest, Inspection, MonoSound, ToWavRequest } from './audio-file.ts'
import type { EnergyEnvelope } from './envelope.ts'
import type { NearPair } from './near-pairs.ts'
import type { AudioInfo } from './pcm.ts'

/** What the pool asks of a worker. */
export type Job = { [K in keyof Requests]: { readonly id: number; readonly kind: K; readonly request: Requests[K] } }[keyof Requests]

/** The path is what an error calls the job. */
interface Requests {
  readonly decode: DecodeRequest
  readonly probe: FileRequest
  readonly inspect: FileRequest
  readonly analyse: DecodeRequest
  readonly measure: FileRequest
  readonly nearPairs: FileRequest & { readonly fingerprints: Int8Array }
  readonly extremes: ExtremesRequest
  readonly toWav: ToWavRequest
}

/** What each kind of job is answered with. */
export interface Answers {
  readonly decode: MonoSound
  readonly probe: AudioInfo
  readonly inspect: Inspection
  readonly analyse: Analysis
  readonly nearPairs: readonly NearPair[]
  readonly measure: EnergyEnvelope
  readonly extremes: Int16Array<ArrayBuffer>
  readonly toWav: MonoLength
}

export interface MonoLength {
  /** Samples that were written. */
  readonly frames: number
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: SerialisedError }

/** What the recognition process is told and what it answers. Every request has one answer with its id. */
import type { SerialisedError } from '../../kit/index.ts'
import type { ModelInfo } from '../../models/index.ts'

export type Request =
  | { readonly type: 'load'; readonly path: string; readonly threads: number | null; readonly memory: number }
  /** One clip of any length → one row of probabilities. */
  | { readonly type: 'classify'; readonly samples: Float32Array }
  /** Makes ready for windows that overlap. */
  | { readonly type: 'prepare' }
  /** Windows, one every `hop` samples, over `samples` → one row each. What is missing at the end is zero. */
  | { readonly type: 'slide'; readonly samples: Float32Array; readonly hop: number; readonly windows: number }
  /** The next samples of an endless signal → a row for each window that is whole now, one every `hop` samples. */
  | { readonly type: 'stream'; readonly samples: Float32Array; readonly hop: number }

export interface Prepared {
  /** Samples by which windows must be apart to share their work, a multiple of it; null where none is shared. */
  readonly frameHop: number | null
}

export interface Answers {
  readonly load: ModelInfo
  readonly classify: Float32Array
  readonly prepare: Prepared
  readonly slide: Float32Array
  readonly stream: Float32Array
}

export type ToChild = { readonly id: number; readonly request: Request }
export type FromChild =
  | { readonly id: number; readonly value: Answers[Request['type']] }
  | { readonly id: number; readonly error: SerialisedError }

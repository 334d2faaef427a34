/** What the recognition process is told and what it answers. Every request has one answer with its id. */
import type { SerialisedError } from '../../kit/index.ts'
import type { ModelInfo } from '../../models/index.ts'

export type Request =
  | { readonly type: 'load'; readonly path: string; readonly threads: number | null; readonly memory: number }
  /** One clip of any length → one row of probabilities. */
  | { readonly type: 'classify'; readonly samples: Float32Array }
  /** Windows of `length` samples, one every `hop`, over `samples` → one row each. What is missing at the end is zero. */
  | { readonly type: 'slide'; readonly samples: Float32Array; readonly length: number; readonly hop: number; readonly windows: number }

export interface Answers {
  readonly load: ModelInfo
  readonly classify: Float32Array
  readonly slide: Float32Array
}

export type ToChild = { readonly id: number; readonly request: Request }
export type FromChild =
  | { readonly id: number; readonly value: Answers[Request['type']] }
  | { readonly id: number; readonly error: SerialisedError }

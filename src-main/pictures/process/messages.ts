/** What the process of spectrograms is asked and what it answers. Every request has one answer with its id. */
import type { SerialisedError } from '../../kit/index.ts'
import type { StftGraph } from '../stft-graph.ts'
import type { TilePlan } from '../tile-windows.ts'

export interface TileRequest {
  /** A WAV or AIFF file. */
  readonly path: string
  readonly graph: StftGraph
  readonly plan: TilePlan
}

export type ToChild = { readonly id: number; readonly request: TileRequest }
export type FromChild =
  | { readonly id: number; readonly tile: Uint8Array }
  | { readonly id: number; readonly error: SerialisedError }

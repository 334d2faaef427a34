/** What an ONNX file may contain before anything of it is decoded, let alone run. */
export interface ModelLimits {
  /** Size of the whole file, bytes. */
  readonly bytes: number
  readonly nodes: number
  readonly initialisers: number
  /** Protobuf fields of every kind: each becomes a JavaScript value when decoded. */
  readonly fields: number
  /** Numbers stored one by one instead of as raw bytes; they grow up to eight times when decoded. Bytes. */
  readonly looseData: number
  /** Elements of one tensor that is stored or declared. */
  readonly elements: number
  readonly rank: number
  readonly metadataBytes: number
}

const MiB = 1 << 20

export const MODEL_LIMITS: ModelLimits = {
  bytes: 512 * MiB,
  nodes: 20_000,
  initialisers: 20_000,
  fields: 1_000_000,
  looseData: 32 * MiB,
  elements: 128 * MiB,
  rank: 8,
  metadataBytes: MiB,
}

export const OPSETS = { oldest: 7, newest: 25 } as const

/**
 * A checkpoint: everything needed to go on as if nothing had happened. Weights, buffers and optimiser state as
 * tensors; the place in the data, the history and the random state as JSON beside them. All random numbers of a
 * run are drawn from (seed, place) and never from a running generator, so the place is the random state.
 *
 * On disk: one safetensors file whose metadata holds the JSON and a SHA-256 over it and the tensors' bytes.
 */
import { z } from 'zod'
import { createHash } from 'node:crypto'
import { AppError, canonicalJson, err, fail, ok, type Result } from '../../kit/index.ts'
import { readSafetensors, writeSafetensors, type StoredTensor } from './safetensors.ts'

export type StateRole = 'parameter' | 'buffer' | 'optimizer'

export interface StateTensor extends StoredTensor {
  readonly role: StateRole
}

const count = z.number().int().nonnegative()
const finite = z.number()

export const epochRecordSchema = z.strictObject({
  /** From 1. */
  epoch: count,
  /** Steps done when the epoch ended. */
  step: count,
  loss: finite,
  accuracy: finite,
  validation: z.strictObject({ loss: finite, accuracy: finite }).nullable(),
  learningRate: finite,
  seconds: finite,
  /** Part of the seconds before validation that training steps took; the rest was waiting for batches and bookkeeping. */
  stepShare: finite.exactOptional(),
})
/** One finished epoch: mean training loss and accuracy over its steps, and the validation split after it. */
export type EpochRecord = z.infer<typeof epochRecordSchema>

const bestSchema = z.strictObject({ epoch: count, step: count, metric: z.enum(['loss', 'accuracy']), value: finite })
/** The best epoch so far by the validation metric. */
export type BestEpoch = z.infer<typeof bestSchema>

const stateSchema = z.strictObject({
  /** Hash of everything that decides the arithmetic: a checkpoint of another job is refused. */
  jobHash: z.string(),
  seed: count,
  /** Optimiser steps done; with the seed this is also the place in the data and the random state. */
  step: count,
  stepsPerEpoch: count,
  /** Sums over the steps of the unfinished epoch. */
  partial: z.strictObject({ loss: finite, correct: finite, clips: count, seconds: finite, stepSeconds: finite.default(0) }),
  /** Sums over the steps since the last line of the metrics. */
  window: z.strictObject({ loss: finite, correct: finite, clips: count }),
  best: bestSchema.nullable(),
  history: z.array(epochRecordSchema),
  /** Mean and standard deviation that features are normalised with, where the front end asks for it. */
  normalisation: z.strictObject({ mean: z.array(finite).readonly(), std: z.array(finite).readonly() }).nullable(),
  device: z.string(),
  threads: count,
})
export type CheckpointState = z.infer<typeof stateSchema>

export interface Checkpoint {
  readonly state: CheckpointState
  readonly tensors: readonly StateTensor[]
}

const VERSION = '1'

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const state = canonicalJson(checkpoint.state)
  const roles = canonicalJson(Object.fromEntries(checkpoint.tensors.map((t) => [t.name, t.role])))
  const sha256 = digest(state, roles, checkpoint.tensors)
  return writeSafetensors({ metadata: { espectro: VERSION, state, roles, sha256 }, tensors: checkpoint.tensors })
}

/** `CHECKPOINT_CORRUPT` where one bit is not as it was written; `file` is named in the error. */
export function decodeCheckpoint(bytes: Uint8Array, file: string): Result<Checkpoint> {
  const read = readSafetensors(bytes)
  if (!read.ok) return corrupt(file, read.error.message)
  const { metadata, tensors } = read.value
  const { espectro, state = '', roles = '', sha256 } = metadata
  if (espectro !== VERSION) return corrupt(file, `Its format version is ${espectro ?? 'missing'}, not ${VERSION}`)
  if (digest(state, roles, tensors) !== sha256) return corrupt(file, 'Its hash does not match its content')
  const parsed = stateSchema.safeParse(JSON.parse(state))
  if (!parsed.success) return corrupt(file, z.prettifyError(parsed.error))
  const roleOf = z.record(z.string(), z.enum(['parameter', 'buffer', 'optimizer'])).parse(JSON.parse(roles))
  const unknown = tensors.find((t) => !Object.hasOwn(roleOf, t.name))
  if (unknown) return corrupt(file, `The tensor ${unknown.name} has no role`)
  return ok({ state: parsed.data, tensors: tensors.map((t) => ({ ...t, role: roleOf[t.name]! })) })
}

function digest(state: string, roles: string, tensors: readonly StoredTensor[]): string {
  const hash = createHash('sha256').update(state).update('\0').update(roles)
  for (const { name, shape, data } of tensors) {
    hash.update(`\0${name}\0${data.constructor.name}[${shape.join(',')}]\0`)
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  return hash.digest('hex')
}

const corrupt = (file: string, why: string) =>
  fail('CHECKPOINT_CORRUPT', `The checkpoint cannot be used. ${why}`, { file, hint: 'Resume from the checkpoint before it, or train again.' })

/** The tensors by name, checked against what a network wants: every missing, extra or mis-shaped one is named. */
export function matchTensors(
  tensors: readonly StateTensor[],
  wanted: readonly { readonly name: string; readonly shape: readonly number[] }[],
  file: string,
): Result<Map<string, StateTensor>> {
  const found = new Map(tensors.map((t) => [t.name, t]))
  const problems: string[] = []
  for (const { name, shape } of wanted) {
    const tensor = found.get(name)
    if (!tensor) problems.push(`${name} is missing`)
    else if (tensor.shape.join() !== shape.join()) problems.push(`${name} is [${tensor.shape.join(', ')}], not [${shape.join(', ')}]`)
  }
  const names = new Set(wanted.map((w) => w.name))
  for (const { name } of tensors) if (!names.has(name)) problems.push(`${name} is not part of the network`)
  if (problems.length === 0) return ok(found)
  return err(
    new AppError('CHECKPOINT_CORRUPT', `The checkpoint does not fit the network: ${problems.slice(0, 5).join('; ')}`, {
      file,
      hint: 'It was made with another architecture; train again.',
    }),
  )
}

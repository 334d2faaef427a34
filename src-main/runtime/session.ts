/**
 * One model loaded on one device. Running holds the event loop, so sessions that work hard live in a child
 * process. Sequential execution: the parallel mode of ONNX Runtime makes training steps slower.
 */
import ort from 'onnxruntime-node'
import { AppError, assert, err, ok, type Result } from '../kit/index.ts'
import { Graph, toOnnx, type DType, type Shape } from '../nn/index.ts'
import { unwrapTensor, wrap, type RuntimeTensor } from './tensor.ts'

export type Device = 'cpu' | 'webgpu'

export interface SessionOptions {
  readonly device: Device
  /** Threads within an operation; the number of cores unless told. Equal numbers give equal bits. */
  readonly threads?: number
  /** Outputs that stay on the device, to be fed back in the next run. Without effect on the CPU. */
  readonly keepOnDevice?: readonly string[]
  /** Refuse the model rather than let single nodes fall back to the CPU. */
  readonly noFallback?: boolean
}

export interface ValueSpec {
  readonly name: string
  readonly shape: Shape
  readonly dtype: DType
}

export type Tensors = Readonly<Record<string, RuntimeTensor>>

export interface Session extends AsyncDisposable {
  readonly device: Device
  readonly inputs: readonly ValueSpec[]
  readonly outputs: readonly ValueSpec[]
  /**
   * Rejects with an `AppError`. `wanted` names the outputs to compute (all unless told), or gives tensors on the CPU
   * into which they are written; these must not be inputs too.
   */
  run(feeds: Tensors, wanted?: readonly string[] | Tensors): Promise<Record<string, RuntimeTensor>>
  /** Brings tensors that stayed on the device to the CPU; those on the CPU already are returned as they are. */
  read(tensors: Tensors): Promise<Record<string, RuntimeTensor>>
}

let living = 0
/** Sessions created and not yet disposed, for leak tests. */
export const livingSessions = (): number => living

export async function createSession(model: Uint8Array, options: SessionOptions): Promise<Result<Session>> {
  try {
    const native = await ort.InferenceSession.create(model, nativeOptions(options))
    living++
    return ok(wrapSession(native, options))
  } catch (cause) {
    return err(creationError(cause, options.device))
  }
}

function nativeOptions({ device, threads, keepOnDevice, noFallback }: SessionOptions): ort.InferenceSession.SessionOptions {
  const onDevice = device === 'cpu' ? [] : (keepOnDevice ?? [])
  return {
    executionProviders: [device],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(onDevice.length === 0 ? {} : { preferredOutputLocation: Object.fromEntries(onDevice.map((name) => [name, 'gpu-buffer'])) }),
    ...(noFallback ? { extra: { session: { disable_cpu_ep_fallback: '1' } } } : {}),
  }
}

function wrapSession(native: ort.InferenceSession, options: SessionOptions): Session {
  const inputs = specs(native.inputMetadata)
  const outputs = specs(native.outputMetadata)
  const readers = new Map<string, Session>()
  let open = true
  return {
    device: options.device,
    inputs,
    outputs,
    async run(feeds, wanted) {
      assert(open, 'a disposed session was run')
      checkFeeds(inputs, feeds)
      try {
        if (wanted && !isNames(wanted)) return await runInto(native, feeds, wanted)
        const results = await (wanted ? native.run(natives(feeds), [...wanted]) : native.run(natives(feeds)))
        return Object.fromEntries(Object.entries(results).map(([name, t]) => [name, wrap(t as ort.Tensor)]))
      } catch (cause) {
        throw new AppError('MODEL_INVALID', `The model failed while running on ${options.device}: ${reason(cause)}`, { cause })
      }
    },
    async read(tensors) {
      const away = Object.entries(tensors).filter(([, t]) => t.location === 'device')
      if (away.length === 0) return { ...tensors }
      const reader = await readerFor(readers, away, options.device)
      return { ...tensors, ...(await reader.run(Object.fromEntries(away))) }
    },
    async [Symbol.asyncDispose]() {
      if (!open) return
      open = false
      living--
      for (const reader of readers.values()) await reader[Symbol.asyncDispose]()
      await native.release()
    },
  }
}

const isNames = (wanted: readonly string[] | Tensors): wanted is readonly string[] => Array.isArray(wanted)

const natives = (tensors: Tensors) => Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, unwrapTensor(t)]))

/**
 * ONNX Runtime answers with new arrays even where it has written into given ones. They are let go at once: left to
 * the garbage collector, some megabytes a step make it mark the whole heap every few steps, on all cores.
 */
async function runInto(native: ort.InferenceSession, feeds: Tensors, places: Tensors): Promise<Record<string, RuntimeTensor>> {
  const results = await native.run(natives(feeds), natives(places))
  for (const [name, place] of Object.entries(places)) {
    const { buffer } = results[name]!.data as Float32Array
    if (buffer instanceof ArrayBuffer && buffer !== place.data.buffer) buffer.transfer(0)
  }
  return { ...places }
}

/**
 * Reading a device buffer directly aborts the process in ONNX Runtime 1.30, so a model of Identity nodes, made
 * once for each set of shapes, hands the tensors over.
 */
async function readerFor(readers: Map<string, Session>, away: [string, RuntimeTensor][], device: Device): Promise<Session> {
  const key = away.map(([name, t]) => `${name}:${t.dtype}[${t.shape.join()}]`).join(';')
  const known = readers.get(key)
  if (known) return known
  const g = new Graph()
  // Inputs may not carry the outputs' names.
  const renamed = away.map(([name, t], i) => ({ name, input: g.input(`in.${i}`, t.shape, t.dtype) }))
  for (const { name, input } of renamed) g.output(name, input)
  const made = await createSession(toOnnx(g), { device })
  if (!made.ok) throw made.error
  const session: Session = {
    ...made.value,
    run: (feeds) => made.value.run(Object.fromEntries(renamed.map(({ name, input }) => [input.name, feeds[name]!]))),
  }
  readers.set(key, session)
  return session
}

function specs(metadata: readonly ort.InferenceSession.ValueMetadata[]): ValueSpec[] {
  return metadata.map((m) => {
    if (!m.isTensor) throw new AppError('MODEL_INVALID', `The value "${m.name}" of the model is not a tensor`)
    return { name: m.name, shape: m.shape, dtype: m.type as DType }
  })
}

function checkFeeds(inputs: readonly ValueSpec[], feeds: Tensors): void {
  for (const name of Object.keys(feeds)) {
    if (!inputs.some((input) => input.name === name)) throw new AppError('INVALID', `The model has no input "${name}"`)
  }
  for (const { name, shape, dtype } of inputs) {
    const t = feeds[name]
    if (!t) throw new AppError('INVALID', `The model's input "${name}" was not given`)
    const fits = t.shape.length === shape.length && shape.every((d, i) => typeof d !== 'number' || d === t.shape[i])
    if (!fits || t.dtype !== dtype) {
      throw new AppError(
        'INVALID',
        `The model's input "${name}" takes ${dtype} [${shape.join(', ')}], not ${t.dtype} [${t.shape.join(', ')}]`,
      )
    }
  }
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.slice(0, 400)

function creationError(cause: unknown, device: Device): AppError {
  if (cause instanceof AppError) return cause
  const text = reason(cause)
  if (device !== 'cpu' && /adapter|webgpu|dawn|vulkan|backend not found/i.test(text)) {
    return new AppError('DEVICE_UNAVAILABLE', `The device "${device}" cannot be used: ${text}`, {
      cause,
      hint: 'Use the CPU (--device cpu), or install the graphics driver.',
    })
  }
  return new AppError('MODEL_INVALID', `The model cannot be loaded on ${device}: ${text}`, { cause })
}

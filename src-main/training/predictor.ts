/** The forward pass: logits of any number of clips. */
import { assert, ok, type Result } from '../kit/index.ts'
import { createForward, type NetworkRequest, type StateSpec } from '../nn/index.ts'
import { createSession, floats, tensor, type Device, type RuntimeTensor } from '../runtime/index.ts'
import type { StateTensor } from './checkpoint/checkpoint.ts'
import type { TrainingEngine } from './engine.ts'

/** Clips that one run of the forward pass takes. */
const FORWARD_BATCH = 64

export interface PredictorOptions extends NetworkRequest {
  readonly device: Device
  readonly threads: number
}

export interface ForwardPass extends AsyncDisposable {
  /** What `run` needs of the state. */
  readonly state: readonly StateSpec[]
  run(clips: readonly Float32Array[], state: Readonly<Record<string, RuntimeTensor>>): Promise<Float32Array>
}

export async function createForwardPass(options: PredictorOptions): Promise<Result<ForwardPass>> {
  const { device, threads, classes, inputShape } = options
  const forward = createForward({ ...options, batch: FORWARD_BATCH, target: device })
  if (!forward.ok) return forward
  const created = await createSession(forward.value.model, { device, threads })
  if (!created.ok) return created
  const session = created.value
  const size = inputShape.reduce((a, b) => a * b, 1)
  return ok({
    state: forward.value.state,
    /** Full batches of a fixed size (the last one filled with zeros), the fastest on every device. */
    async run(clips, state) {
      const logits = new Float32Array(clips.length * classes)
      const x = new Float32Array(FORWARD_BATCH * size)
      for (let at = 0; at < clips.length; at += FORWARD_BATCH) {
        const part = clips.slice(at, at + FORWARD_BATCH)
        part.forEach((clip, i) => x.set(clip, i * size))
        x.fill(0, part.length * size)
        const outputs = await session.run({ x: tensor(x, [FORWARD_BATCH, ...inputShape]), ...state })
        logits.set(floats(outputs['logits']!).subarray(0, part.length * classes), at * classes)
      }
      return logits
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  })
}

/** The forward pass with given weights: for evaluation. */
export async function createPredictor(
  options: PredictorOptions & { readonly weights: readonly StateTensor[] },
): Promise<Result<Pick<TrainingEngine, 'predict'> & AsyncDisposable>> {
  const created = await createForwardPass(options)
  if (!created.ok) return created
  const forward = created.value
  const values = new Map(options.weights.map((w) => [w.name, w.data]))
  const state = Object.fromEntries(
    forward.state.map(({ name, shape }) => {
      const data = values.get(name)
      assert(data instanceof Float32Array, `the weights hold no ${name}`)
      return [name, tensor(data, shape)]
    }),
  )
  return ok({
    predict: (clips) => forward.run(clips, state),
    [Symbol.asyncDispose]: () => forward[Symbol.asyncDispose](),
  })
}

/**
 * The self-test that a device passes before it is trusted: one small training step, with the layers that
 * networks here are made of, on the device and on the CPU, every result compared. Device drivers and compilers
 * do return wrong numbers without an error.
 */
import { createRandom, ok, type Result } from '../kit/index.ts'
import * as nn from '../nn/index.ts'
import { createSession, type Device, type Session } from './session.ts'
import { floats, tensor, type RuntimeTensor } from './tensor.ts'

export interface SelfTest {
  /** The largest difference of any result, as a part of that result's largest magnitude. */
  readonly difference: number
  readonly worst: string
  /** Milliseconds for one warm step: of a real network's size, unless the small one is hopelessly slow already. */
  readonly cpuMs: number
  readonly deviceMs: number
}

interface StepSize {
  readonly batch: number
  /** Height and width of the input. */
  readonly side: number
}

/** Float32 results of two devices differ by rounding, in the order of summation; a fault is far above this. */
export const SELF_TEST_TOLERANCE = 1e-3

/** A batch of 6: in weight gradients it becomes the channel count, and 6 is one that is known to go wrong. */
const SMALL: StepSize = { batch: 6, side: 24 }
const REAL: StepSize = { batch: 64, side: 64 }
/** Above this for the small step (a software driver, say) a real step is not worth waiting for. */
const HOPELESS_MS = 100
const REPEATS = 3

export async function runSelfTest(device: Device): Promise<Result<SelfTest>> {
  const small = await compareDevices(device, SMALL)
  if (!small.ok || small.value.deviceMs > HOPELESS_MS || !(small.value.difference <= SELF_TEST_TOLERANCE)) return small
  const real = await compareDevices(device, REAL)
  if (!real.ok) return real
  const worse = small.value.difference > real.value.difference ? small.value : real.value
  return ok({ ...real.value, difference: worse.difference, worst: worse.worst })
}

async function compareDevices(device: Device, size: StepSize): Promise<Result<SelfTest>> {
  const reference = await createSession(selfTestModel('cpu', size), { device: 'cpu' })
  if (!reference.ok) return reference
  await using cpu = reference.value
  const candidate = await createSession(selfTestModel(device, size), { device })
  if (!candidate.ok) return candidate
  await using other = candidate.value
  const feeds = drawFeeds(cpu)
  const [expected, cpuMs] = await timed(cpu, feeds)
  const [actual, deviceMs] = await timed(other, feeds)
  let [difference, worst] = [0, 'loss']
  for (const [name, t] of Object.entries(expected)) {
    const distance = relativeDifference(floats(actual[name]!), floats(t))
    if (distance > difference || Number.isNaN(distance)) [difference, worst] = [distance, name]
  }
  return ok({ difference, worst, cpuMs, deviceMs })
}

/** Convolution with channel counts that are known to go wrong, normalisation, both poolings, and the rest. */
function selfTestModel(target: Device, { batch, side }: StepSize): Uint8Array {
  const g = new nn.Graph({ target })
  const x = g.input('x', [batch, 1, side, side])
  const labels = g.input('target', [batch, 10])
  const p = (name: string, shape: readonly number[]) => nn.parameter(g, name, shape)
  let t = nn.conv2dMaxPool2x2(g, x, p('w1', [6, 1, 5, 5]), p('b1', [6]), { padding: 2 })
  t = nn.relu(g, nn.conv2d(g, t, p('w2', [16, 6, 3, 3]), p('b2', [16]), { padding: 1 }))
  t = nn.maxPool2d(g, t, 3, { stride: 2 })
  t = nn.conv2d(g, t, p('w3', [16, 1, 3, 3]), null, { groups: 16, stride: 2, padding: 1 })
  t = nn.tanh(g, nn.batchNormTraining(g, t, p('gamma', [16]), p('beta', [16])).y)
  t = nn.flatten(g, nn.avgPool2d(g, t, 2))
  t = nn.linear(g, t, p('w4', [t.shape[1] as number, 10]), p('b4', [10]))
  const loss = nn.softmaxCrossEntropy(g, t, labels)
  g.output('loss', loss)
  const trained = nn.parameters(g)
  for (const [i, d] of nn.gradients(g, loss, trained).entries()) g.output(`d.${trained[i]!.name}`, d)
  return nn.toOnnx(g)
}

function drawFeeds(session: Session): Record<string, RuntimeTensor> {
  const random = createRandom('device self-test')
  const feeds = session.inputs.map(({ name, shape }) => {
    const sizes = shape as readonly number[]
    const scale = sizes.length > 1 ? 1 / Math.sqrt(nn.sizeOf(sizes.slice(1))) : 1
    const values = Float32Array.from({ length: nn.sizeOf(sizes) }, (_, i) =>
      name === 'target' ? Number(i % 10 === Math.floor(i / 10) % 10) : random.normal() * (name === 'x' ? 1 : scale),
    )
    return [name, tensor(values, sizes)] as const
  })
  return Object.fromEntries(feeds)
}

async function timed(session: Session, feeds: Record<string, RuntimeTensor>): Promise<[Record<string, RuntimeTensor>, number]> {
  const results = await session.run(feeds)
  let best = Infinity
  for (let i = 0; i < REPEATS && !(best < Infinity && best > HOPELESS_MS); i++) {
    const start = performance.now()
    await session.run(feeds)
    best = Math.min(best, performance.now() - start)
  }
  return [results, best]
}

function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  let [worst, scale] = [0, 1e-6]
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!)
    if (Number.isNaN(difference)) return Number.NaN
    worst = Math.max(worst, difference)
    scale = Math.max(scale, Math.abs(expected[i]!))
  }
  return worst / scale
}

/**
 * A model made ready to judge windows that overlap. Where its front end has frames, and the file can be cut behind
 * its features, each frame is worked out once for all the windows that hold it; else every window is judged whole.
 */
import { AppError, unwrap } from '../../kit/index.ts'
import { clipSamples, createFrameModel, createFrontEndModel, createImageModel, frameLayout, frontEndShape, type FrameLayout } from '../../features/index.ts'
import { narrowPlaces, networkAfter, withOutputs, type LoadedModel } from '../../models/index.ts'
import { createSession, floats, tensor, type Session } from '../../runtime/index.ts'

export interface WindowEngine extends AsyncDisposable {
  /** Samples of one window. */
  readonly length: number
  readonly labels: number
  /** Windows in one run at most: enough for the matrix products, little enough for the caches. */
  readonly batch: number
  /** Samples of whole windows [N, length] → [N, labels]: the file itself. */
  judge(windows: Float32Array): Promise<Float32Array>
  /** Null: no work is shared. */
  readonly shared: SharedFrames | null
}

export interface SharedFrames {
  readonly layout: FrameLayout
  readonly preEmphasis: number | null
  /** Frames [F, layout.window] → [F, layout.bins]. */
  levels(frames: Float32Array): Promise<Float32Array>
  /** Levels of whole windows [N, layout.frames, layout.bins] → [N, labels]. */
  judge(levels: Float32Array): Promise<Float32Array>
}

const BATCH = 16

/** Sharing must change no probability by more than this, on the windows that are tried when a model is made ready. */
const SAME = 2e-5

/** `whole` is the session of the file itself, which stays the caller's. */
export async function createWindowEngine(model: LoadedModel, whole: Session, threads: number | null): Promise<WindowEngine> {
  const { frontEnd, labels } = model.info
  const length = clipSamples(frontEnd)
  await using opened = new AsyncDisposableStack()
  const judge = async (windows: Float32Array): Promise<Float32Array> => {
    const run = await whole.run({ waveform: tensor(windows, [windows.length / length, length]) }, ['probabilities'])
    return floats(run['probabilities']!)
  }
  // A file whose pieces cannot be run is one that is run whole.
  const shared = await shareFrames(model, threads, opened).catch((cause: unknown) => {
    if (cause instanceof AppError) return null
    throw cause
  })
  const same = shared !== null && (await isSame(shared, judge, length))
  const owned = same ? opened.move() : new AsyncDisposableStack()
  const batch = Math.min(BATCH, model.info.batch ?? BATCH)
  return { length, batch, judge, labels: labels.length, shared: same ? shared : null, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function shareFrames({ info, bytes }: LoadedModel, threads: number | null, opened: AsyncDisposableStack): Promise<SharedFrames | null> {
  const { frontEnd, normalisation } = info
  const layout = frameLayout(frontEnd)
  if (frontEnd.kind === 'waveform' || !layout || layout.inner[1] - layout.inner[0] < 2) return null
  const shape = frontEndShape(frontEnd)
  const place = await findFeatures({ info, bytes })
  if (place === null) return null
  const open = async (graph: Uint8Array): Promise<Session> =>
    opened.use(unwrap(await createSession(graph, { device: 'cpu', ...(threads === null ? {} : { threads }) })))
  const frames = await open(createFrameModel(frontEnd))
  const image = await open(createImageModel(frontEnd, { normalisation }))
  const network = await open(networkAfter(bytes, place, shape))
  return {
    layout,
    preEmphasis: frontEnd.preEmphasis,
    async levels(rows) {
      const run = await frames.run({ frames: tensor(rows, [1, rows.length / layout.window, layout.window]) })
      return floats(run['levels']!)
    },
    async judge(levels) {
      const count = levels.length / (layout.frames * layout.bins)
      const { features } = await image.run({ levels: tensor(levels, [count, layout.frames, layout.bins]) })
      const { probabilities } = await network.run({ [place]: tensor(floats(features!), [count, ...shape]) })
      return floats(probabilities!)
    },
  }
}

/** The tensor of the file that holds what our front end with the file's settings gives: tried on noise. */
async function findFeatures({ info, bytes }: LoadedModel): Promise<string | null> {
  const places = narrowPlaces(bytes).slice(0, 400)
  const { frontEnd, normalisation } = info
  const length = clipSamples(frontEnd)
  const waveform = tensor(noise(length, 1), [1, length])
  const probe = await createSession(withOutputs(bytes, places), { device: 'cpu', threads: 1 })
  const ours = await createSession(createFrontEndModel(frontEnd, { normalisation, samples: length }), { device: 'cpu', threads: 1 })
  if (!probe.ok || !ours.ok) return null
  await using theirs = probe.value
  await using reference = ours.value
  const found = await theirs.run({ waveform }, places)
  const { features } = await reference.run({ waveform })
  const wanted = floats(features!)
  const close = (values: Float32Array) => values.every((x, i) => Math.abs(x - wanted[i]!) <= 1e-3 * Math.max(1, Math.abs(wanted[i]!)))
  return places.find((name) => {
    const t = found[name]!
    return t.dtype === 'float32' && t.shape.join() === features!.shape.join() && close(floats(t))
  }) ?? null
}

/** Does sharing give what the whole file gives, on noise, on a sound with silence around it, and on silence? */
async function isSame(shared: SharedFrames, judge: WindowEngine['judge'], length: number): Promise<boolean> {
  const middle = noise(length, 2).map((x, i) => (Math.abs(i - length / 2) < length / 8 ? x : 0))
  for (const window of [noise(length, 3), middle, new Float32Array(length)]) {
    const expected = await judge(window)
    const got = await shared.judge(await shared.levels(framesOfClip(shared, window)))
    if (!expected.every((p, i) => Math.abs(p - got[i]!) <= SAME)) return false
  }
  return true
}

/** All frames of one window, edges included. */
function framesOfClip({ layout, preEmphasis }: SharedFrames, clip: Float32Array): Float32Array {
  const { window, frames } = layout
  const rows = new Float32Array(frames * window)
  const emphasised = emphasise(clip, 0, preEmphasis)
  for (let t = 0; t < frames; t++) writeEdgeFrame(rows.subarray(t * window, (t + 1) * window), layout, t, (n) => emphasised[n]!)
  return rows
}

/** y[n] = x[n] − factor · x[n − 1], in single precision as the graph does it; `before` is the sample before the first. */
export function emphasise(samples: Float32Array, before: number, factor: number | null): Float32Array {
  if (factor === null) return samples
  const a = Math.fround(factor)
  return samples.map((x, i) => Math.fround(x - Math.fround(a * (i === 0 ? before : samples[i - 1]!))))
}

/** Frame `t` of a clip whose sample n is `at(n)`, padded as the front end pads. */
export function writeEdgeFrame(target: Float32Array, { clip, hop, lead, padding }: FrameLayout, t: number, at: (n: number) => number): void {
  for (let j = 0; j < target.length; j++) {
    const n = t * hop - lead + j
    const mirrored = n < 0 ? -n : n >= clip ? 2 * (clip - 1) - n : n
    target[j] = n === mirrored || padding === 'reflect' ? at(mirrored) : 0
  }
}

/** Deterministic, between −0.5 and 0.5 (a linear congruential generator: nothing depends on its quality). */
function noise(length: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32 - 0.5
  })
}

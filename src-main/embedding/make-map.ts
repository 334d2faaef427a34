/** Clips to points: their features, or what a layer of a network makes of them, then the reduction to two numbers each. Runs in the map's process. */
import { frontEndShape } from '../features/index.ts'
import { AppError, unwrap } from '../kit/index.ts'
import { createForward, LAYER, type Forward } from '../nn/index.ts'
import { createSession, floats, tensor } from '../runtime/index.ts'
import { normaliseClips, prepareClips, readCheckpoint, type Checkpoint, type PreparedClip } from '../training/index.ts'
import { principalComponents } from './pca.ts'
import type { MadeMap, MapJob, MapProgress } from './process/messages.ts'
import { umap } from './umap/umap.ts'

type Say = (progress: MapProgress) => void

/** Neighbours are looked for among so many components: what is beyond is mostly noise, and costs time. */
const COMPONENTS = 50
const NETWORK_BATCH = 64

export async function makeMap(job: MapJob, say: Say): Promise<MadeMap> {
  const { clips, frontEnd, threads } = job
  const { prepared, skipped } = await prepareClips({
    clips, frontEnd, folder: job.features, threads, cancelled: () => false,
    emit: (event) => event.type === 'preparing' && say({ stage: 'features', done: event.done, total: event.total }),
  })
  if (prepared.length === 0) throw new AppError('INVALID', 'None of the clips can be read', { hint: skipped[0]?.message ?? 'Add clips to the dataset.' })
  const rows = job.network ? await layerRows(job.network, prepared, job, say) : prepared.map((p) => p.features)
  const { positions, variance } = await reduce(rows, job, say)
  return { ids: Int32Array.from(prepared, (p) => p.clip.id), positions, variance, skipped: skipped.length }
}

async function reduce(rows: readonly Float32Array[], { reduction, threads }: MapJob, say: Say): Promise<Pick<MadeMap, 'positions' | 'variance'>> {
  const count = reduction.method === 'pca' ? 2 : COMPONENTS
  const { scores, count: found, variance } = await principalComponents(rows, {
    count, exact: 2, threads, onProgress: (done, total) => say({ stage: 'components', done, total }),
  })
  const start = new Float64Array(2 * rows.length)
  for (let i = 0; i < rows.length; i++) for (let axis = 0; axis < Math.min(2, found); axis++) start[2 * i + axis] = scores[i * found + axis]!
  const shares = variance.slice(0, 2)
  if (reduction.method === 'pca') return { positions: Float32Array.from(start), variance: shares }
  const positions = await umap(scores, found, start, { ...reduction, threads, onProgress: (stage, done, total) => say({ stage, done, total }) })
  return { positions, variance: shares }
}

/** What comes out of the layer for each clip, flat. */
async function layerRows(network: NonNullable<MapJob['network']>, prepared: readonly PreparedClip[], job: MapJob, say: Say): Promise<Float32Array[]> {
  const checkpoint = unwrap(await readCheckpoint(network.checkpoint))
  const clips = normaliseClips(job.frontEnd, prepared, checkpoint.state.normalisation)
  const inputShape = frontEndShape(job.frontEnd)
  const forward = unwrap(createForward({ architecture: network.architecture, inputShape, classes: network.classes, batch: NETWORK_BATCH, layers: [network.layer] }))
  await using session = unwrap(await createSession(forward.model, { device: 'cpu', threads: job.threads }))
  const state = stateOf(forward, checkpoint, network.checkpoint)
  const size = inputShape.reduce((a, b) => a * b, 1)
  const name = LAYER + network.layer
  const x = new Float32Array(NETWORK_BATCH * size)
  const rows: Float32Array[] = []
  for (let at = 0; at < clips.length; at += NETWORK_BATCH) {
    const part = clips.slice(at, at + NETWORK_BATCH)
    part.forEach((clip, i) => x.set(clip.features, i * size))
    x.fill(0, part.length * size)
    const output = floats((await session.run({ x: tensor(x, [NETWORK_BATCH, ...inputShape]), ...state }, [name]))[name]!)
    const values = output.length / NETWORK_BATCH
    for (let i = 0; i < part.length; i++) rows.push(output.slice(i * values, (i + 1) * values))
    say({ stage: 'network', done: rows.length, total: clips.length })
  }
  return rows
}

function stateOf({ state, network }: Forward, checkpoint: Checkpoint, path: string) {
  const values = new Map(checkpoint.tensors.map((t) => [t.name, t.data]))
  return Object.fromEntries(
    state.map(({ name, shape }) => {
      const data = values.get(name)
      if (!(data instanceof Float32Array) || data.length !== shape.reduce((a, b) => a * b, 1))
        throw new AppError('CHECKPOINT_CORRUPT', `The weights do not fit ${network.architecture.name}: ${name}`, { file: path })
      return [name, tensor(data, shape)]
    }),
  )
}

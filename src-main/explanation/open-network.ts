/** A network with its weights and its front end, open in the process of explanations. */
import { computeFeatures, createFittedFrontEndModel, frontEndHash, frontEndShape } from '../features/index.ts'
import { AppError, assert, hashJson, unwrap } from '../kit/index.ts'
import { networkState, planNetwork, type Network } from '../nn/index.ts'
import { createSession, floats, tensor, type RuntimeTensor, type Session } from '../runtime/index.ts'
import { normaliseClips, readCheckpoint } from '../training/index.ts'
import type { NetworkSource } from './network-source.ts'

export interface OpenNetwork extends AsyncDisposable {
  readonly source: NetworkSource
  readonly network: Network
  /** Parameters and buffers, as feeds. */
  readonly state: Readonly<Record<string, RuntimeTensor>>
  /** [channel · height · width] of each sound, as the network takes them. */
  features(sounds: readonly Float32Array[]): Promise<Float32Array[]>
  /** A session for this network, made once. */
  session(name: string, model: () => Uint8Array): Promise<Session>
}

export const networkKey = (source: NetworkSource): string =>
  hashJson({ ...source, frontEnd: frontEndHash(source.frontEnd) })

export async function openNetwork(source: NetworkSource): Promise<OpenNetwork> {
  const { architecture, frontEnd, labels, checkpoint: path } = source
  const network = unwrap(planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length }))
  const checkpoint = unwrap(await readCheckpoint(path))
  const values = new Map(checkpoint.tensors.map((t) => [t.name, t.data]))
  const state = Object.fromEntries(
    networkState(network).map(({ name, shape }) => {
      const data = values.get(name)
      if (!(data instanceof Float32Array) || data.length !== shape.reduce((a, b) => a * b, 1))
        throw new AppError('CHECKPOINT_CORRUPT', `The weights do not fit ${architecture.name}: ${name}`, { file: path })
      return [name, tensor(data, shape)]
    }),
  )
  const sessions = new Map<string, Promise<Session>>()
  const session = (name: string, model: () => Uint8Array): Promise<Session> => {
    const known = sessions.get(name)
    if (known) return known
    const made = createSession(model(), { device: 'cpu' }).then(unwrap)
    sessions.set(name, made)
    return made
  }
  return {
    source,
    network,
    state,
    session,
    async features(sounds) {
      const own = await session('front end', () => createFittedFrontEndModel(frontEnd))
      const run = async (waveforms: Float32Array, shape: readonly [number, number]) => floats((await own.run({ waveform: tensor(waveforms, shape) }))['features']!)
      const made = await computeFeatures(sounds, frontEnd, run)
      assert(made.length === sounds.length, 'features for every sound')
      return normaliseClips(frontEnd, made.map((features) => ({ features })), checkpoint.state.normalisation).map((c) => c.features)
    },
    async [Symbol.asyncDispose]() {
      for (const made of sessions.values()) await (await made.catch(() => null))?.[Symbol.asyncDispose]()
    },
  }
}

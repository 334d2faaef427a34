/** A run's network as the process of explanations takes it, and what can be said of it without computing anything. */
import type { Library } from '../catalog/index.ts'
import { frontEndShape, type FrontEndConfig } from '../features/index.ts'
import { ok, type Result } from '../kit/index.ts'
import { leavesOf, planNetwork, receptiveFields, describeNetwork, type Architecture, type LossSpec, type ReceptiveField } from '../nn/index.ts'
import { chooseCheckpoint, readRun } from '../runs/index.ts'

export interface NetworkSource {
  readonly architecture: Architecture
  readonly frontEnd: FrontEndConfig
  readonly labels: readonly string[]
  readonly loss: LossSpec
  /** File of the weights. */
  readonly checkpoint: string
  /** Tells weights apart that were written to the same file. */
  readonly version: string
}

/** The weights that count: see `chooseCheckpoint`. */
export async function sourceOfRun(library: Library, run: string): Promise<Result<NetworkSource>> {
  const details = await readRun(library, run)
  if (!details.ok) return details
  const chosen = await chooseCheckpoint(details.value)
  if (!chosen.ok) return chosen
  const { labels, settings } = details.value.config
  const { path, checkpoint } = chosen.value
  const { architecture, frontEnd, loss } = settings
  return ok({ architecture, frontEnd, labels, loss, checkpoint: path, version: `${checkpoint.state.jobHash} ${checkpoint.state.step}` })
}

export interface DescribedLayer {
  readonly path: string
  readonly type: string
  /** Without the batch. */
  readonly output: readonly number[]
  readonly parameters: number
  readonly field: ReceptiveField
  /** Shape of its convolution kernels [filter, channel, height, width]; null where it has none. */
  readonly filters: readonly number[] | null
}

export function describeSource({ architecture, frontEnd, labels }: Pick<NetworkSource, 'architecture' | 'frontEnd' | 'labels'>): Result<DescribedLayer[]> {
  const request = { architecture, inputShape: frontEndShape(frontEnd), classes: labels.length }
  const network = planNetwork(request)
  if (!network.ok) return network
  const rows = describeNetwork(architecture, request.inputShape, request.classes)
  if (!rows.ok) return rows
  const fields = receptiveFields(network.value)
  const leaves = new Map(leavesOf(network.value.nodes).map((leaf) => [leaf.path, leaf]))
  return ok(
    rows.value.map(({ name, type, outputShape, parameters }): DescribedLayer => {
      const weight = leaves.get(name)?.plan.parameters.find((p) => p.name === 'weight')
      const isConvolution = type === 'conv2d' || type === 'conv1d'
      return { path: name, type, output: outputShape, parameters, field: fields.get(name)!, filters: isConvolution && weight ? kernelShape(weight.shape) : null }
    }),
  )
}

/** Kernels of a connection table are [link, height, width]: one channel each. */
const kernelShape = (shape: readonly number[]): readonly number[] => (shape.length === 3 ? [shape[0]!, 1, shape[1]!, shape[2]!] : shape)

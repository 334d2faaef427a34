/**
 * Occlusion (Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 4.2): a patch of the
 * features is covered by their mean, at every place in turn, and the fall of the class's probability is kept.
 */
import { AppError, unwrap } from '../kit/index.ts'
import { createForward } from '../nn/index.ts'
import { floats, tensor } from '../runtime/index.ts'
import { softmaxRows } from '../training/index.ts'
import type { OpenNetwork } from './open-network.ts'
import type { OccludeRequest, OcclusionMap, Progress } from './process/messages.ts'

const BATCH = 32

export async function occlude(open: OpenNetwork, { samples, class: wanted, settings: { size, stride } }: Pick<OccludeRequest, 'samples' | 'class' | 'settings'>, say: (progress: Progress) => void): Promise<OcclusionMap> {
  const { network, state } = open
  const { classes } = network
  const [channels, height, width] = network.inputShape as [number, number, number]
  if (size[0] > height || size[1] > width) throw new AppError('INVALID', `A patch of ${size[0]}×${size[1]} is larger than the features, which are ${height}×${width}`)
  if (wanted !== null && wanted >= classes) throw new AppError('INVALID', `The network has ${classes} classes and no class ${wanted}`)
  const [features] = await open.features([samples])
  const session = await open.session('forward', () => unwrap(createForward({ ...network, batch: BATCH })).model)
  const values = height * width * channels
  const probabilitiesOf = async (inputs: readonly Float32Array[]): Promise<Float32Array> => {
    const x = new Float32Array(BATCH * values)
    inputs.forEach((input, i) => x.set(input, i * values))
    const run = await session.run({ x: tensor(x, [BATCH, ...network.inputShape]), ...state })
    return softmaxRows(floats(run['logits']!), classes)
  }
  const plain = (await probabilitiesOf([features!])).slice(0, classes)
  const chosen = wanted ?? plain.indexOf(Math.max(...plain))
  const fill = features!.reduce((a, b) => a + b, 0) / values
  const places = starts(height, size[0], stride[0]).flatMap((row) => starts(width, size[1], stride[1]).map((column) => [row, column] as const))
  const falls = new Float64Array(height * width)
  const covers = new Float64Array(height * width)
  for (let at = 0; at < places.length; at += BATCH) {
    const part = places.slice(at, at + BATCH)
    const covered = part.map(([row, column]) => {
      const copy = features!.slice()
      for (let c = 0; c < channels; c++)
        for (let y = row; y < row + size[0]; y++) copy.fill(fill, (c * height + y) * width + column, (c * height + y) * width + column + size[1])
      return copy
    })
    const found = await probabilitiesOf(covered)
    part.forEach(([row, column], i) => {
      const fall = plain[chosen]! - found[i * classes + chosen]!
      for (let y = row; y < row + size[0]; y++)
        for (let x = column; x < column + size[1]; x++) {
          falls[y * width + x]! += fall
          covers[y * width + x]! += 1
        }
    })
    say({ done: at + part.length, total: places.length })
  }
  return { class: chosen, probability: plain[chosen]!, fill, height, width, values: Float32Array.from(falls, (fall, i) => (covers[i]! > 0 ? fall / covers[i]! : 0)) }
}

/** Where patches begin: by steps, and one at the end, so that nothing stays uncovered. */
function starts(extent: number, size: number, stride: number): number[] {
  const all = Array.from({ length: Math.floor((extent - size) / stride) + 1 }, (_, i) => i * stride)
  return all.at(-1)! + size < extent ? [...all, extent - size] : all
}

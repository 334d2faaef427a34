/** A clip through a network, and why it says what it says. */
import { AppError, unwrap } from '../kit/index.ts'
import { createExplanation, LAYER, outputOf, type PlannedNode } from '../nn/index.ts'
import { floats, tensor } from '../runtime/index.ts'
import { softmaxRows } from '../training/index.ts'
import type { OpenNetwork } from './open-network.ts'
import type { Look, LookRequest } from './process/messages.ts'
import { summarise } from './summary.ts'

export async function look(open: OpenNetwork, request: Pick<LookRequest, 'samples' | 'class' | 'layer'>): Promise<Look> {
  const { network, state } = open
  const { inputShape, classes } = network
  const layer = request.layer ?? lastImages(network.nodes)
  const [features] = await open.features([request.samples])
  const explanation = unwrap(createExplanation({ ...network, ...(layer === null ? {} : { gradCam: layer }) }))
  const session = await open.session(`explanation ${layer ?? ''}`, () => explanation.model)
  const x = tensor(features!, [1, ...inputShape])
  const run = async (chosen: number) => {
    const oneHot = new Float32Array(classes)
    oneHot[chosen] = 1
    return session.run({ x, class: tensor(oneHot, [1, classes]), ...state })
  }
  const wanted = request.class ?? 0
  if (wanted >= classes) throw new AppError('INVALID', `The network has ${classes} classes and no class ${wanted}`)
  let outputs = await run(wanted)
  const logits = floats(outputs['logits']!)
  const probabilities = softmaxRows(logits, classes)
  const chosen = request.class ?? probabilities.indexOf(Math.max(...probabilities))
  if (chosen !== wanted) outputs = await run(chosen)
  const cells = outputs['cam']
  return {
    shape: inputShape,
    features: features!,
    logits: [...logits],
    probabilities: [...probabilities],
    class: chosen,
    saliency: floats(outputs['saliency']!),
    gradCam: cells && layer !== null ? { layer, rows: cells.shape[0]!, columns: cells.shape[1]!, cells: floats(cells), values: floats(outputs['camAtInput']!) } : null,
    layers: explanation.layers.map(({ path, shape }) => {
      const values = floats(outputs[LAYER + path]!)
      return { path, shape, values, summary: summarise(values) }
    }),
  }
}

/** The last layer that gives images of more than one cell: what Grad-CAM is usually shown for. */
function lastImages(nodes: readonly PlannedNode[]): string | null {
  return nodes.findLast((node) => {
    const shape = outputOf(node)
    return shape.length === 3 && shape[1]! * shape[2]! > 1
  })?.path ?? null
}

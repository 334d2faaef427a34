/** The gradient of each parameter for one batch of training clips, as a step of the run's training would see it, without dropout. */
import { unwrap } from '../kit/index.ts'
import { createTrainingStep, GRADIENT, initialiseState } from '../nn/index.ts'
import { floats, scalar, tensor } from '../runtime/index.ts'
import type { OpenNetwork } from './open-network.ts'
import type { GradientReport, GradientsRequest } from './process/messages.ts'
import { summarise } from './summary.ts'

export async function batchGradients(open: OpenNetwork, { sounds }: Pick<GradientsRequest, 'sounds'>): Promise<GradientReport> {
  const { network, state, source } = open
  const batch = sounds.length
  const { classes } = network
  const step = unwrap(createTrainingStep({ ...network, batch, loss: source.loss, optimizer: { type: 'sgd' }, gradientOutputs: true }))
  const session = await open.session(`step of ${batch}`, () => step.model)
  const features = await open.features(sounds.map((s) => s.samples))
  const size = features[0]!.length
  const x = new Float32Array(batch * size)
  const target = new Float32Array(batch * classes)
  features.forEach((f, i) => x.set(f, i * size))
  sounds.forEach(({ label }, i) => (target[i * classes + label] = 1))
  const nothing = initialiseState(step, 0)
  const outputs = await session.run({
    x: tensor(x, step.feeds.x),
    target: tensor(target, step.feeds.target),
    learningRate: scalar(0),
    ...Object.fromEntries(step.dropoutMasks.map((m) => [m.name, tensor(new Float32Array(m.shape.reduce((a, b) => a * b, 1)).fill(1), m.shape)])),
    ...Object.fromEntries(step.state.map((s) => [s.name, state[s.name] ?? tensor(nothing.get(s.name)!, s.shape)])),
  })
  const logits = floats(outputs['logits']!)
  const correct = sounds.filter(({ label }, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes)
    return row.indexOf(Math.max(...row)) === label
  }).length
  return {
    clips: batch,
    loss: floats(outputs['loss']!)[0]!,
    correct,
    parameters: network.parameters.map(({ name, shape }) => ({ name, shape, weight: summarise(floats(state[name]!)), gradient: summarise(floats(outputs[GRADIENT + name]!)) })),
  }
}

/** Steps of gradient descent on a network small enough to be read, every number of the last one given out. */
import { createRandom, unwrap } from '../kit/index.ts'
import { createBackpropagation, initialiseNetwork, parseArchitecture, type Architecture } from '../nn/index.ts'
import { createSession, floats, tensor } from '../runtime/index.ts'
import type { BackpropagationSettings, BackpropagationTrace } from './process/messages.ts'

/** The layer list that the settings stand for, and the shape of its input. */
export function teachingNetwork({ network, activation, loss }: Pick<BackpropagationSettings, 'network' | 'activation' | 'loss'>): { readonly architecture: Architecture; readonly inputShape: readonly [number, number, number] } {
  const act = { type: activation } as const
  // Σ(a − y)² compares activations with the wanted 0s and 1s; cross-entropy has the softmax in it.
  const end = loss === 'squared' ? [{ type: 'sigmoid' }] : []
  const body =
    network.kind === 'dense'
      ? network.hidden.flatMap((units) => [{ type: 'linear', units }, act])
      : [{ type: 'conv2d', filters: network.filters, kernel: network.kernel }, act, ...(network.pool ? [{ type: 'maxPool', kernel: 2 }] : [])]
  const layers = [...(network.kind === 'dense' ? [{ type: 'flatten' }] : []), ...body, ...(network.kind === 'conv' ? [{ type: 'flatten' }] : []), { type: 'linear', units: 'classes' }, ...end]
  const architecture = unwrap(parseArchitecture({ name: 'small', title: 'A small network', input: 'any', layers }))
  return { architecture, inputShape: network.kind === 'dense' ? [1, 1, network.inputs] : [1, network.size, network.size] }
}

export async function backpropagate(settings: BackpropagationSettings): Promise<BackpropagationTrace> {
  const { architecture, inputShape } = teachingNetwork(settings)
  const classes = settings.network.outputs
  const made = unwrap(createBackpropagation({ architecture, inputShape, classes, loss: settings.loss }))
  await using session = unwrap(await createSession(made.model, { device: 'cpu', threads: 1 }))
  const random = createRandom(settings.seed).fork('input')
  // Few digits, so that they can be followed on paper.
  const x = Float32Array.from({ length: inputShape.reduce((a, b) => a * b, 1) }, () => Math.round(20 * random.uniform(-1, 1)) / 20)
  const target = new Float32Array(classes)
  target[settings.target] = 1
  const parameters = initialiseNetwork(made.network, settings.seed)
  const run = () =>
    session.run({
      x: tensor(x, [1, ...inputShape]),
      target: tensor(target, [1, classes]),
      ...Object.fromEntries(made.state.map(({ name, shape }) => [name, tensor(parameters.get(name)!, shape)])),
    })
  const byName = new Map(made.tensors.filter((t) => t.role === 'parameter').map((t) => [t.name, t.id]))
  const loss = made.tensors.find((t) => t.role === 'loss')!.id
  const nextOf = (outputs: Awaited<ReturnType<typeof run>>, name: string): Float32Array => {
    const gradient = floats(outputs[`gradient.${byName.get(name)!}`]!)
    return parameters.get(name)!.map((w, i) => w - settings.learningRate * gradient[i]!)
  }
  const step = (outputs: Awaited<ReturnType<typeof run>>) => made.network.parameters.map(({ name }) => [name, nextOf(outputs, name)] as const)
  for (let n = 0; n < settings.steps; n++) for (const [name, values] of step(await run())) parameters.set(name, values)
  const outputs = await run()
  const next = new Map(step(outputs))
  const numbers = (name: string): number[] => [...floats(outputs[name]!)]
  const trace = {
    operations: made.operations.map((o) => ({ ...o, inputs: [...o.inputs], derivative: o.derivative === null ? null : numbers(o.derivative) })),
    tensors: made.tensors.map(({ hasGradient, ...t }) => ({
      ...t,
      values: numbers(t.id),
      gradient: hasGradient ? numbers(`gradient.${t.id}`) : null,
      next: t.role === 'parameter' ? [...next.get(t.name)!] : null,
    })),
    probabilities: made.probabilities === null ? null : numbers(made.probabilities),
    loss: numbers(loss)[0]!,
  }
  for (const [name, values] of next) parameters.set(name, values)
  return { ...trace, lossAfter: floats((await run())[loss]!)[0]! }
}

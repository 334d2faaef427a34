/** The script of the process of explanations: answers one request after the other and keeps a few networks open. */
import { AppError, connectParent, toAppError } from '../../kit/index.ts'
import { floats } from '../../runtime/index.ts'
import { backpropagate } from '../backpropagate.ts'
import { batchGradients } from '../batch-gradients.ts'
import { look } from '../look.ts'
import type { NetworkSource } from '../network-source.ts'
import { occlude } from '../occlude.ts'
import { networkKey, openNetwork, type OpenNetwork } from '../open-network.ts'
import type { Answers, ExplanationRequest, FromChild, Progress, ToChild } from './messages.ts'

/** A person goes back and forth between a few runs. */
const KEPT = 3
const parent = connectParent()
const open = new Map<string, OpenNetwork>()
const say = (message: FromChild): Promise<void> => parent.send(message)

async function networkOf(source: NetworkSource): Promise<OpenNetwork> {
  const key = networkKey(source)
  const found = open.get(key) ?? (await openNetwork(source))
  open.delete(key)
  open.set(key, found)
  const oldest = open.size > KEPT ? open.entries().next().value : undefined
  if (oldest) {
    open.delete(oldest[0])
    await oldest[1][Symbol.asyncDispose]()
  }
  return found
}

async function perform(request: ExplanationRequest, progress: (p: Progress) => void): Promise<Answers[keyof Answers]> {
  if (request.kind === 'backpropagate') return backpropagate(request.settings)
  const network = await networkOf(request.network)
  switch (request.kind) {
    case 'look':
      return look(network, request)
    case 'occlude':
      return occlude(network, request, progress)
    case 'gradients':
      return batchGradients(network, request)
    case 'filters':
      return filters(network, request.layer)
  }
}

function filters({ state, network }: OpenNetwork, layer: string): Float32Array {
  const weight = state[`${layer}.weight`]
  if (!weight) throw new AppError('NOT_FOUND', `${network.architecture.name} has no layer ${layer} with filters`)
  return floats(weight)
}

let last: Promise<unknown> = Promise.resolve()
parent.onDisconnect(() => process.exit(0))
process.on('SIGINT', () => {}) // the parent decides what an interrupt means
parent.onMessage((message) => {
  const { id, request } = message as ToChild
  last = last.then(async () => {
    try {
      await say({ id, answer: await perform(request, (progress) => void say({ id, progress })) })
    } catch (cause) {
      const error = cause instanceof AppError ? cause : toAppError(cause, 'looking into the network')
      await say({ id, error: error.toJSON() })
    }
  })
})

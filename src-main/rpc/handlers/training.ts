import { availableParallelism } from 'node:os'
import type { RunSettings } from '../../../src-contract/index.ts'
import { getRun } from '../../catalog/index.ts'
import { fail, type Result } from '../../kit/index.ts'
import { createTrainingRun, datasetById, lengthenRun, planTraining, runState, trainingChoices, type QueueState, type TrainingPlan } from '../../runs/index.ts'
import { listDevices } from '../../runtime/index.ts'
import { defaultThreads } from '../../training/index.ts'
import { answer } from '../call-errors.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'
import { jsonObject as json, toJson } from './json.ts'

export const training = {
  choices: calls.training.choices.handler(({ input, context: { services: { library } } }) => {
    const choices = answer(trainingChoices(library, answer(datasetById(library, input.dataset))))
    return {
      architectures: choices.architectures.map(({ architecture, own, frontEnd }) => ({
        name: architecture.name, title: architecture.title, paper: architecture.paper ?? null, own, frontEnd, spec: json(architecture),
      })),
      frontEnds: choices.frontEnds.map(({ name, config }) => ({ name, config: json(config) })),
      policies: choices.policies.map(({ name, policy }) => ({ name, policy: json(policy) })),
      rates: { ...choices.rates },
      settings: toJson(choices.settings),
    }
  }),
  devices: calls.training.devices.handler(async () => ({
    devices: (await listDevices()).map(({ device, available, reason, speedup }) => ({ device, available, reason, speedup: speedup ?? null })),
    threads: { most: availableParallelism(), usual: defaultThreads() },
  })),
  plan: calls.training.plan.handler(({ input, context: { services } }) => {
    const { problems, labels, clips, network, batch, stepsPerEpoch } = planOf(services, input.dataset, input.settings)
    return {
      problems: problems.map((p) => ({ ...p, values: { ...p.values } })),
      labels: [...labels],
      clips,
      network: network && { ...network, input: [...network.input], layers: network.layers.map((row) => ({ ...row, outputShape: [...row.outputShape] })) },
      batch,
      stepsPerEpoch,
    }
  }),
  estimate: calls.training.estimate.handler(async ({ input: { dataset, settings, device, threads }, context: { services }, signal }) => {
    if (services.queue.state.current) answer(fail('INVALID', 'A training is under way, so that steps cannot be timed', { hint: 'Look again when it has ended.' }))
    return answer(await services.estimate({ plan: answer(sound(planOf(services, dataset, settings))), device, threads }, signal))
  }),
  start: calls.training.start.handler(async ({ input: { dataset, settings, device, threads, name, test }, context: { services } }) => {
    const { library, queue, changes } = services
    const plan = answer(sound(planOf(services, dataset, settings)))
    const request = { dataset: answer(datasetById(library, dataset)), settings: plan.settings, device, threads, test, ...(name === null ? {} : { name }) }
    const run = answer(await createTrainingRun(library, request))
    answer(queue.add([{ run: run.id, resume: false }]))
    changes.announce()
    return { run: run.id }
  }),
  resume: calls.training.resume.handler(({ input: { run, epochs }, context: { services: { library, queue } } }) => {
    const record = answer(getRun(library, run))
    const state = runState(record)
    if (state === 'running') answer(fail('INVALID', `The run ${run} is being trained already`))
    if (epochs !== null) answer(lengthenRun(library, run, epochs))
    else if (state === 'finished' && record.summary['ended'] !== 'ended') answer(fail('INVALID', `The run ${run} has finished`, { hint: 'Give it more epochs to go on.' }))
    answer(queue.add([{ run, resume: state !== 'created' }]))
  }),
  pause: calls.training.pause.handler(({ input, context: { services } }) => answer(services.queue.pause(input.run))),
  end: calls.training.end.handler(({ input, context: { services } }) => answer(services.queue.end(input.run))),
  move: calls.training.move.handler(({ input: { run, before }, context: { services: { queue } } }) => {
    const waiting = queue.state.waiting.find((w) => w.run === run)
    answer(waiting ? queue.add([waiting], before) : fail('NOT_FOUND', `The run ${run} no longer waits`))
  }),
  hold: calls.training.hold.handler(({ context: { services } }) => services.queue.hold()),
  proceed: calls.training.proceed.handler(({ context: { services } }) => services.queue.proceed()),
  watch: calls.training.watch.handler(async function* ({ context: { services }, signal }) {
    for await (const state of services.queue.watch(signal)) yield toState(state)
  }),
}

const planOf = ({ library }: Services, dataset: number, settings: RunSettings): TrainingPlan =>
  answer(planTraining(library, answer(datasetById(library, dataset)), settings))

/** The plan where it can be trained, else its first error. */
function sound(plan: TrainingPlan): Result<TrainingPlan & { readonly settings: NonNullable<TrainingPlan['settings']> }> {
  const { settings } = plan
  const error = plan.problems.find((p) => p.level === 'error')
  if (error || settings === null) return fail('INVALID', error?.message ?? 'The settings are not valid')
  return { ok: true, value: { ...plan, settings } }
}

const toState = ({ revision, held, current, waiting }: QueueState) => ({
  revision,
  held,
  current: current && {
    ...current,
    epoch: current.epoch && pickEpoch(current.epoch),
    worst: current.worst && { epoch: current.worst.epoch, clips: current.worst.clips.map((c) => ({ ...c })) },
    warnings: [...current.warnings],
  },
  waiting: waiting.map((w) => w.run),
})

const pickEpoch = ({ epoch, step, loss, accuracy, validation, learningRate, seconds }: NonNullable<NonNullable<QueueState['current']>['epoch']>) =>
  ({ epoch, step, loss, accuracy, validation, learningRate, seconds })

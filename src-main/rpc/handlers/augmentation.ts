import { encodeWav } from '../../audio/index.ts'
import { STEP_PARAMETERS, stageOf, type AugmentStep } from '../../augment/index.ts'
import { datasetStats } from '../../curation/index.ts'
import { DEFAULT_FRONT_END, FRONT_ENDS, frontEndShape, loadFrontEnd, parseFrontEnd, type FrontEndConfig } from '../../features/index.ts'
import { AppError, type Result } from '../../kit/index.ts'
import { defaultPolicy, fittedPolicies, listPolicies, removePolicy, savePolicy, type PreviewDraw } from '../../training/index.ts'
import { answer } from '../call-errors.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'
import { datasetName } from './names.ts'

const STEPS = (Object.keys(STEP_PARAMETERS) as AugmentStep['type'][]).map((type) => ({
  type,
  stage: stageOf({ type }),
  settings: STEP_PARAMETERS[type].map((p) => (p.kind === 'choices' ? { ...p, choices: [...p.choices], initial: [...p.initial] } : p.kind === 'choice' ? { ...p, choices: [...p.choices] } : { ...p })),
}))

export const augmentation = {
  policies: calls.augmentation.policies.handler(({ context: { services: { library } } }) => ({
    policies: listPolicies(library).map(({ name, own, policy }) => ({ name, own, policy: structuredClone(policy) })),
    standard: defaultPolicy(FRONT_ENDS[DEFAULT_FRONT_END]),
    steps: STEPS,
    frontEnds: Object.keys(FRONT_ENDS),
    frontEnd: DEFAULT_FRONT_END,
  })),
  fitted: calls.augmentation.fitted.handler(({ input, context: { services: { library } } }) => {
    const shape = frontEndShape(answer(parseFrontEnd(input.frontEnd)))
    return { shape: [...shape] as [number, number, number], policies: fittedPolicies(library, shape).map(({ name, own, scaled, policy }) => ({ name, own, scaled, policy: structuredClone(policy) })) }
  }),
  save: calls.augmentation.save.handler(({ input: { name, policy }, context: { services: { library, changes } } }) => {
    answer(savePolicy(library, name, policy))
    changes.announce()
  }),
  remove: calls.augmentation.remove.handler(({ input: { name }, context: { services: { library, changes } } }) => {
    answer(removePolicy(library, name))
    changes.announce()
  }),
  preview: calls.augmentation.preview.handler(async ({ input, context: { services } }) => {
    const frontEnd = answer(frontEndFor(services, input.clip, input.frontEnd))
    const { shape, before, draws } = answer(await services.preview.preview({ ...input, frontEnd }))
    const seen = (draw: PreviewDraw) => ({
      features: services.shelf.put(new Uint8Array(draw.features.slice().buffer), 'application/octet-stream'),
      sound: services.shelf.put(encodeWav(draw.sound.samples, frontEnd.sampleRate), 'audio/wav'),
      taken: [...draw.sound.taken.map(({ index, values }) => ({ step: index, values: { ...values } })), ...draw.featureSteps.map((step) => ({ step, values: {} }))],
    })
    return { shape: [...shape] as [number, number, number], seconds: frontEnd.clip.seconds, before: seen(before), draws: draws.map(seen) }
  }),
}

/** At the rate that a training on the clip's dataset would choose. */
function frontEndFor({ library }: Services, clip: number, name: string): Result<FrontEndConfig> {
  const row = library.catalog.get<{ dataset: number }>('SELECT dataset_id AS dataset FROM clips WHERE id = ?', clip)
  if (!row) throw new AppError('NOT_FOUND', 'This clip is no longer there')
  const stats = answer(datasetStats(library, datasetName(library, row.dataset)))
  const commonest = [...stats.perSampleRate].sort((a, b) => b.clips - a.clips)[0]?.sampleRate
  return loadFrontEnd(name, { datasetSampleRate: commonest })
}

import { frontEndShape, parseFrontEnd } from '../../features/index.ts'
import { fail } from '../../kit/index.ts'
import { activationNames, layerTypeData, parseArchitecture, sketchNetwork, withActivation } from '../../nn/index.ts'
import { removeArchitecture, saveArchitecture } from '../../training/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'
import { jsonObject } from './json.ts'

const TYPES = layerTypeData().map(({ fields, initial, ...type }) => ({
  ...type,
  fields: fields.map((f) => (f.kind === 'choice' ? { ...f, choices: [...f.choices] } : f.kind === 'initialiser' ? { ...f, names: [...f.names] } : { ...f })),
  initial: jsonObject(initial),
}))

export const architectures = {
  types: calls.architectures.types.handler(() => ({ types: TYPES, activations: [...activationNames] })),
  describe: calls.architectures.describe.handler(({ input: { architecture, frontEnd, classes } }) => {
    const inputShape = frontEndShape(answer(parseFrontEnd(frontEnd)))
    const { rows, problems, ...sketch } = sketchNetwork({ architecture, inputShape, classes })
    return {
      ...sketch,
      input: [...inputShape],
      rows: rows.map(({ place, input, output, problem, ...row }) => ({
        ...row, place: [...place], input: input && [...input], output: output && [...output], problem: problem && { code: problem.code, values: { ...problem.values } },
      })),
      problems: problems.map((p) => ({ code: p.code, values: { ...p.values } })),
    }
  }),
  activation: calls.architectures.activation.handler(({ input: { architecture, activation } }) => {
    const known = activationNames.find((name) => name === activation)
    if (!known) return answer(fail('INVALID', `There is no activation "${activation}"`, { hint: `There are ${activationNames.join(', ')}.` }))
    return { architecture: jsonObject(withActivation(answer(parseArchitecture(architecture)), known)) }
  }),
  save: calls.architectures.save.handler(({ input: { architecture }, context: { services: { library, changes } } }) => {
    answer(saveArchitecture(library, architecture))
    changes.announce()
  }),
  remove: calls.architectures.remove.handler(({ input: { name }, context: { services: { library, changes } } }) => {
    answer(removeArchitecture(library, name))
    changes.announce()
  }),
}

import { ok, type Result } from '../../kit/index.ts'
import { architectures, countParameters, describeNetwork, parseArchitecture, planNetwork, type Architecture } from '../../nn/index.ts'
import type { Handler } from '../command-line.ts'
import { table, type Console } from '../console.ts'
import { namedOrFile } from '../named-or-file.ts'

/** An architecture by name, or from a JSON file. */
export const loadArchitecture = (nameOrFile: string): Promise<Result<Architecture>> =>
  namedOrFile(nameOrFile, 'architecture', architectures, parseArchitecture)

interface Options {
  readonly input?: readonly [number, number, number]
  readonly classes: number
}

/** The input that an architecture is shown for where none is asked: its own, else the default front end's. */
const shownInput = (architecture: Architecture): readonly [number, number, number] =>
  architecture.input === 'any' ? [1, 64, 64] : architecture.input

const count = (n: number): string => n.toLocaleString('en-US')

export const showArchitectures: Handler<[string | undefined, Options]> = async ({ console }, name, options) => {
  if (name === undefined) return ok(listArchitectures(console, options))
  const architecture = await loadArchitecture(name)
  if (!architecture.ok) return architecture
  const { title, paper } = architecture.value
  const inputShape = options.input ?? shownInput(architecture.value)
  const layers = describeNetwork(architecture.value, inputShape, options.classes)
  if (!layers.ok) return layers
  const parameters = layers.value.reduce((n, row) => n + row.parameters, 0)
  const macs = layers.value.reduce((n, row) => n + row.macs, 0)
  console.say(paper === undefined ? title : `${title}\n${paper}`)
  console.say(`input ${inputShape.join('×')}, ${options.classes} classes\n`)
  const rows = layers.value.map((r) => [r.name, r.type, r.outputShape.join('×'), count(r.parameters), count(r.macs)])
  console.say(table(['layer', 'type', 'output', 'parameters', 'multiply-accumulates'], [...rows, ['total', '', '', count(parameters), count(macs)]]))
  return ok({ name: architecture.value.name, title, input: inputShape, classes: options.classes, parameters, macs, layers: layers.value })
}

function listArchitectures(console: Console, { input, classes }: Options): Record<string, unknown> {
  const rows = [...architectures.values()].map((architecture) => {
    const inputShape = input ?? shownInput(architecture)
    const network = planNetwork({ architecture, inputShape, classes })
    const { name, title, paper } = architecture
    return { name, title, paper: paper ?? null, input: inputShape, ...(network.ok ? { parameters: countParameters(network.value) } : { problem: network.error.message }) }
  })
  console.say(table(['name', 'title', 'input', 'parameters'], rows.map((r) => [r.name, r.title, r.input.join('×'), 'parameters' in r ? count(r.parameters) : r.problem])))
  return { architectures: rows, classes }
}

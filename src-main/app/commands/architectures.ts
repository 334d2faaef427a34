import { resolve } from 'node:path'
import { err, fail, ok, toAppError, writeFileAtomic, type Result } from '../../kit/index.ts'
import {
  architectures,
  countParameters,
  describeNetwork,
  parseArchitecture,
  planNetwork,
  withActivation,
  type ActivationName,
  type Architecture,
} from '../../nn/index.ts'
import type { Handler } from '../command-line.ts'
import { table, type Console } from '../console.ts'
import { namedOrFile } from '../named-or-file.ts'

/** An architecture by name, or from a JSON file. */
export const loadArchitecture = (nameOrFile: string): Promise<Result<Architecture>> =>
  namedOrFile(nameOrFile, 'architecture', architectures, parseArchitecture)

interface Options {
  readonly input?: readonly [number, number, number]
  readonly classes: number
  readonly activation?: ActivationName
  /** Where to write the layer list. */
  readonly out?: string
}

/** The input that an architecture is shown for where none is asked: its own, the paper's, or the default front end's. */
const shownInput = ({ input, publishedInput }: Architecture): readonly [number, number, number] =>
  input === 'any' ? (publishedInput ?? [1, 64, 64]) : input

const count = (n: number): string => n.toLocaleString('en-US')

export const showArchitectures: Handler<[string | undefined, Options]> = async ({ console }, name, options) => {
  if (name === undefined) {
    if (options.out !== undefined || options.activation !== undefined) return fail('USAGE', 'Name the architecture that is meant')
    return ok(listArchitectures(console, options))
  }
  const loaded = await loadArchitecture(name)
  if (!loaded.ok) return loaded
  const architecture = options.activation === undefined ? loaded.value : withActivation(loaded.value, options.activation)
  const { title, paper } = architecture
  const inputShape = options.input ?? shownInput(architecture)
  const layers = describeNetwork(architecture, inputShape, options.classes)
  if (!layers.ok) return layers
  const parameters = layers.value.reduce((n, row) => n + row.parameters, 0)
  const macs = layers.value.reduce((n, row) => n + row.macs, 0)
  console.say(paper === undefined ? title : `${title}\n${paper}`)
  console.say(`input ${inputShape.join('×')}, ${options.classes} classes\n`)
  const rows = layers.value.map((r) => [r.name, r.type, r.outputShape.join('×'), count(r.parameters), count(r.macs)])
  console.say(table(['layer', 'type', 'output', 'parameters', 'multiply-accumulates'], [...rows, ['total', '', '', count(parameters), count(macs)]]))
  const written = options.out === undefined ? ok(null) : await writeArchitecture(options.out, architecture)
  if (!written.ok) return written
  if (written.value !== null) console.say(`\nthe layer list: ${written.value}`)
  return ok({ name: architecture.name, title, input: inputShape, classes: options.classes, parameters, macs, layers: layers.value, file: written.value })
}

/** The layer list as a JSON file that `--model` takes. */
async function writeArchitecture(out: string, architecture: Architecture): Promise<Result<string>> {
  if (!out.toLowerCase().endsWith('.json')) return fail('USAGE', `The file's name must end in .json: ${out}`)
  const file = resolve(out)
  try {
    await writeFileAtomic(file, `${JSON.stringify(architecture, null, 2)}\n`)
    return ok(file)
  } catch (cause) {
    return err(toAppError(cause, 'writing the architecture', file))
  }
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

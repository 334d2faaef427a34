import { resolve } from 'node:path'
import { openLibrary } from '../../catalog/index.ts'
import { err, fail, ok, toAppError, writeFileAtomic, type Result } from '../../kit/index.ts'
import {
  countParameters,
  describeNetwork,
  parseArchitecture,
  planNetwork,
  withActivation,
  type ActivationName,
  type Architecture,
} from '../../nn/index.ts'
import { listArchitectures, type NamedArchitecture } from '../../training/index.ts'
import type { Handler, Invocation } from '../command-line.ts'
import { table, type Console } from '../console.ts'
import { namedOrFile } from '../named-or-file.ts'
import { libraryFolderOf } from '../with-library.ts'

/** An architecture that comes with Espectro, one saved in the library, or one from a JSON file. */
export const loadArchitecture = (known: readonly NamedArchitecture[], nameOrFile: string): Promise<Result<Architecture>> =>
  namedOrFile(nameOrFile, 'architecture', new Map(known.map(({ architecture }) => [architecture.name, architecture])), parseArchitecture)

/** Those of the library too, where there is one: looking at architectures makes none. */
function knownArchitectures(invocation: Invocation): Result<readonly NamedArchitecture[]> {
  const library = openLibrary(libraryFolderOf(invocation), { create: false })
  if (!library.ok) return library.error.code === 'NOT_FOUND' ? ok(listArchitectures(null)) : library
  try {
    return ok(listArchitectures(library.value))
  } finally {
    library.value.close()
  }
}

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

export const showArchitectures: Handler<[string | undefined, Options]> = async (invocation, name, options) => {
  const { console } = invocation
  const known = knownArchitectures(invocation)
  if (!known.ok) return known
  if (name === undefined) {
    if (options.out !== undefined || options.activation !== undefined) return fail('USAGE', 'Name the architecture that is meant')
    return ok(listAll(known.value, console, options))
  }
  const loaded = await loadArchitecture(known.value, name)
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

function listAll(known: readonly NamedArchitecture[], console: Console, { input, classes }: Options): Record<string, unknown> {
  const rows = known.map(({ architecture, own }) => {
    const inputShape = input ?? shownInput(architecture)
    const network = planNetwork({ architecture, inputShape, classes })
    const { name, title, paper } = architecture
    return { name, title, own, paper: paper ?? null, input: inputShape, ...(network.ok ? { parameters: countParameters(network.value) } : { problem: network.error.message }) }
  })
  console.say(table(['name', 'title', 'input', 'parameters'], rows.map((r) => [r.name, r.title, r.input.join('×'), 'parameters' in r ? count(r.parameters) : r.problem])))
  return { architectures: rows, classes }
}

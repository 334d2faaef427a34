/** Architectures of the library beside those that come with Espectro. Saving and removing can be undone. */
import { deleteArchitectureRow, listArchitectureRows, saveArchitectureRow, type Library } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { architectures, parseArchitecture, type Architecture } from '../nn/index.ts'

export interface NamedArchitecture {
  /** The person's own. */
  readonly own: boolean
  readonly architecture: Architecture
}

/**
 * Those that come with Espectro first; those alone without a library. One of a newer Espectro, which this one cannot
 * read, is left out.
 */
export function listArchitectures(library: Library | null): NamedArchitecture[] {
  const own = (library ? listArchitectureRows(library.catalog) : []).flatMap(({ spec }) => {
    const parsed = parseArchitecture(JSON.parse(spec))
    return parsed.ok ? [{ own: true, architecture: parsed.value }] : []
  })
  return [...[...architectures.values()].map((architecture) => ({ own: false, architecture })), ...own]
}

/** Under the name that it has itself. */
export function saveArchitecture(library: Library, value: unknown): Result<Architecture> {
  const parsed = parseArchitecture(value)
  if (!parsed.ok) return parsed
  const { name } = parsed.value
  if (architectures.has(name)) return fail('ALREADY_EXISTS', `The architecture "${name}" comes with Espectro and stays as it is`, { hint: 'Choose another name.' })
  return library.catalog.transact('save architecture', (catalog) => {
    saveArchitectureRow(catalog, { name, spec: JSON.stringify(parsed.value) })
    return parsed
  })
}

export const removeArchitecture = (library: Library, name: string): Result<void> =>
  library.catalog.transact('remove architecture', (catalog) =>
    deleteArchitectureRow(catalog, name) ? ok(undefined) : fail('NOT_FOUND', `There is no architecture "${name}" of your own`),
  )

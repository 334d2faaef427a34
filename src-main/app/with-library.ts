import { resolve } from 'node:path'
import { defaultLibraryFolder, openLibrary, type Library } from '../catalog/index.ts'
import type { Result } from '../kit/index.ts'
import type { Handler, Invocation } from './command-line.ts'

export const libraryFolderOf = ({ library }: Invocation): string => (library === undefined ? defaultLibraryFolder() : resolve(library))

/** A command that needs the library: it is opened before and closed after, whatever happens. */
export const withLibrary =
  <A extends readonly unknown[]>(
    command: (library: Library, invocation: Invocation, ...args: A) => Promise<Result<Record<string, unknown>>>,
  ): Handler<A> =>
  async (invocation, ...args) => {
    const library = openLibrary(libraryFolderOf(invocation))
    if (!library.ok) return library
    try {
      for (const warning of library.value.warnings) invocation.console.event({ type: 'warning', message: warning.message })
      return await command(library.value, invocation, ...args)
    } finally {
      library.value.close()
    }
  }

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLibrary, type Library, type OpenOptions } from '../../src-main/catalog/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'

export interface TemporaryLibrary extends Disposable {
  /** Holds the library and whatever else the test puts beside it; removed at the end. */
  readonly folder: string
  readonly root: string
  readonly library: Library
  /** Closes the library and opens it again. */
  reopen(options?: OpenOptions): Library
}

/** A fresh, real library below the system's temporary folder. */
export function temporaryLibrary(): TemporaryLibrary {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-library-'))
  const root = join(folder, 'library')
  let library = unwrap(openLibrary(root))
  return {
    folder,
    root,
    get library() {
      return library
    },
    reopen(options) {
      library.close()
      library = unwrap(openLibrary(root, options))
      return library
    },
    [Symbol.dispose]() {
      library.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

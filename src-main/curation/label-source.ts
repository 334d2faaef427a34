import type { Split } from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'
import type { TableOptions } from './csv-table.ts'
import { compilePattern, type NameMark } from './name-pattern.ts'

/** Where an import takes its labels from. */
export type LabelSource =
  | { readonly from: 'none' }
  /** The name of the folder that the file is in. */
  | { readonly from: 'folder' }
  | { readonly from: 'filename'; readonly pattern: string }
  /** A table with a row a clip; see `csv-table.ts`. */
  | { readonly from: 'csv'; readonly csv: string; readonly options?: TableOptions }

/** What is known of a clip before its file has been opened. */
export interface ClipFacts {
  readonly label: string | null
  readonly speaker: string | null
  readonly session: string | null
  readonly take: string | null
  readonly split: Split | null
  /** `null`: from the beginning, to the end. */
  readonly startSeconds: number | null
  readonly endSeconds: number | null
  readonly extra: Readonly<Record<string, string>>
}

export const NO_FACTS: ClipFacts = {
  label: null, speaker: null, session: null, take: null, split: null, startSeconds: null, endSeconds: null, extra: {},
}

/** Reads the facts of a file from its path (forward slashes; the imported folder's own name comes first). */
export type FactsOfPath = (path: string) => ClipFacts

/** Speech Commands: `<speaker>_nohash_<n>.wav`. */
const SPEECH_COMMANDS = /^([^_/]+)_nohash_(\d+)\.[^.]+$/
/** Folders such as Speech Commands' `_background_noise_` hold no class. */
const NOT_A_LABEL = /^_.*_$/

/** Where in a path (as `FactsOfPath` takes it) the source finds what it says. */
export function marksFromPath(source: Exclude<LabelSource, { from: 'csv' }>): (path: string) => NameMark[] {
  if (source.from === 'filename') {
    const pattern = compilePattern(source.pattern)
    return pattern.ok ? pattern.value.marks : () => []
  }
  return (path) => {
    if (source.from === 'none') return []
    const [folder = '', file = ''] = path.split('/').slice(-2)
    const end = path.length - file.length - 1
    return folder === '' || !path.includes('/') || NOT_A_LABEL.test(folder) ? [] : [{ field: 'label', start: end - folder.length, end }]
  }
}

export function factsFromPath(source: Exclude<LabelSource, { from: 'csv' }>): Result<FactsOfPath> {
  switch (source.from) {
    case 'none':
      return ok(() => NO_FACTS)
    case 'folder':
      return ok((path) => {
        const parts = path.split('/')
        const folder = parts.at(-2)
        const [, speaker = null, take = null] = SPEECH_COMMANDS.exec(parts.at(-1)!) ?? []
        return { ...NO_FACTS, label: folder === undefined || NOT_A_LABEL.test(folder) ? null : folder, speaker, take }
      })
    case 'filename': {
      const pattern = compilePattern(source.pattern)
      if (!pattern.ok) return pattern
      return ok((path) => ({ ...NO_FACTS, ...pattern.value.match(path) }))
    }
  }
}

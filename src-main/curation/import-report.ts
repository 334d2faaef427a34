import type { AppError, ErrorCode } from '../kit/index.ts'

export interface ImportFailure {
  /** Below the imported folder. */
  readonly file: string
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
}

/** The same sound came twice under different labels; the first one stays. */
export interface ImportConflict {
  readonly file: string
  readonly label: string
  readonly existingLabel: string | null
  readonly existingFile: string | null
}

export interface ImportReport {
  readonly datasetId: number
  readonly dataset: string
  /** Audio files looked at. */
  readonly files: number
  /** New clips. */
  readonly added: number
  /** Of these, clips without a label. */
  readonly unlabelled: number
  /** Recordings new to the library. */
  readonly recordings: number
  /** Clips that the dataset had already, in its bin too. */
  readonly duplicates: number
  /** Files that are not audio by their name, or that no CSV row names. */
  readonly skipped: number
  readonly failed: readonly ImportFailure[]
  readonly conflicts: readonly ImportConflict[]
  readonly seconds: number
}

export type ImportCounts = {
  -readonly [K in 'added' | 'unlabelled' | 'recordings' | 'duplicates']: number
} & { readonly failed: ImportFailure[]; readonly conflicts: ImportConflict[] }

export const noCounts = (): ImportCounts => ({
  added: 0, unlabelled: 0, recordings: 0, duplicates: 0, failed: [], conflicts: [],
})

export const failureOf = (file: string, error: AppError): ImportFailure => ({
  file,
  code: error.code,
  message: error.message,
  ...(error.hint === undefined ? {} : { hint: error.hint }),
})

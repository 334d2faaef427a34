import { importedFileUrl, type ImportFailure, type ImportReport } from '@contract'
import { decodeFile } from '@/audio/decode-file.ts'
import type { LocalFile } from '@/client/upload.ts'

/** What the program has no decoder for and this browser may have: M4A and AAC, mostly. */
export const isDecodable = (failure: ImportFailure): boolean => failure.code === 'AUDIO_NEEDS_FFMPEG'

export interface Decoded {
  /** WAV files under the names of those that they stand in for. */
  readonly files: readonly LocalFile[]
  readonly failures: readonly ImportFailure[]
}

/** One after the other: a decoded sound takes as much memory as it is long. `failed` is what is said of a file that this browser cannot decode. */
export async function decodeFailed(
  place: string, failures: readonly ImportFailure[], failed: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
): Promise<Decoded> {
  const files: LocalFile[] = []
  const left: ImportFailure[] = []
  for (const failure of failures) {
    signal.throwIfAborted()
    onProgress(files.length + left.length)
    const response = await fetch(importedFileUrl(place, failure.file), { signal })
    if (!response.ok) {
      left.push({ ...failure, message: (await response.text()).trim(), hint: null })
      continue
    }
    try {
      const wav = await decodeFile(await response.arrayBuffer(), Number(response.headers.get('x-sample-rate')))
      files.push({ name: failure.file, file: new File([wav], failure.file) })
    } catch {
      signal.throwIfAborted()
      left.push({ ...failure, message: failed })
    }
  }
  return { files, failures: left }
}

/** The report of the files that were decoded here, added to that of the import that they were missing from. */
export function joinReports(before: ImportReport, now: ImportReport | null, undecoded: readonly ImportFailure[]): ImportReport {
  const failures = [...before.failures.filter((f) => !isDecodable(f)), ...undecoded, ...(now?.failures ?? [])]
  const sum = (pick: (report: ImportReport) => number): number => pick(before) + (now ? pick(now) : 0)
  return {
    ...before,
    added: sum((r) => r.added),
    unlabelled: sum((r) => r.unlabelled),
    duplicates: sum((r) => r.duplicates),
    conflicting: sum((r) => r.conflicting),
    seconds: sum((r) => r.seconds),
    conflicts: [...before.conflicts, ...(now?.conflicts ?? [])],
    failures,
    failed: before.failed - before.failures.length + failures.length,
  }
}

/** Scored recordings, kept while a window looks at them: thresholds are applied anew without judging again. */
import { randomBytes } from 'node:crypto'
import { fail, ok, type Result } from '../kit/index.ts'
import type { ScoreTrack } from '../recognition/index.ts'

export interface JudgedFile {
  /** Below its folder. */
  readonly name: string
  readonly path: string
  readonly track: ScoreTrack
}

export interface DetectionJob {
  readonly id: string
  readonly files: readonly JudgedFile[]
}

export interface DetectionJobs {
  open(): { readonly id: string; readonly add: (file: JudgedFile) => number }
  find(id: string): Result<DetectionJob>
  file(id: string, index: number): Result<JudgedFile>
  close(id: string): void
}

/** Scores take a megabyte or two an hour of sound: the newest jobs are kept. */
const KEPT = 4

export function createDetectionJobs(): DetectionJobs {
  const jobs = new Map<string, JudgedFile[]>()
  const find = (id: string): Result<DetectionJob> => {
    const files = jobs.get(id)
    return files ? ok({ id, files }) : fail('NOT_FOUND', 'These results are no longer kept', { hint: 'Recognise the files again.' })
  }
  return {
    open() {
      const id = randomBytes(16).toString('base64url')
      const files: JudgedFile[] = []
      jobs.set(id, files)
      const [oldest] = jobs.keys()
      if (jobs.size > KEPT && oldest !== undefined) jobs.delete(oldest)
      return { id, add: (file) => files.push(file) - 1 }
    },
    find,
    file(id, index) {
      const job = find(id)
      if (!job.ok) return job
      const file = job.value.files[index]
      return file ? ok(file) : fail('NOT_FOUND', 'There is no such file among these results')
    },
    close: (id) => void jobs.delete(id),
  }
}

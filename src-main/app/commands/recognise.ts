import { resolve } from 'node:path'
import { AppError, ok, type Result } from '../../kit/index.ts'
import { formatRecognitions, recogniseFiles, type Recognition, type RecognitionFormat } from '../../recognition/index.ts'
import type { Handler } from '../command-line.ts'

interface Options {
  readonly stream?: boolean
  readonly threshold?: number
  readonly format: RecognitionFormat
}

/** Plain data of one file: `label`, `probability` and `scores`, or `detections`. */
function plain(recognition: Recognition): Record<string, unknown> {
  const { kind, ...rest } = recognition
  return { mode: kind, ...rest }
}

export const recognise: Handler<[string, string[], Options]> = async ({ console, signal, failedPartly }, model, files, { stream, threshold, format }) => {
  const report = await recogniseFiles(
    resolve(model),
    files.map((f) => resolve(f)),
    { stream: stream === true, ...(threshold === undefined ? {} : { threshold }) },
    {
      signal,
      onProgress: ({ done, total, result }) => {
        console.progress(`recognised ${done} of ${total} files`)
        if ('kind' in result) console.event({ type: 'file', ...plain(result) })
        else console.event({ type: 'failed', ...result })
      },
    },
  )
  if (!report.ok) return report
  const { recognitions, failed } = report.value
  if (!console.json) {
    if (recognitions.length > 0) console.say(formatRecognitions(recognitions, format).trimEnd())
    for (const failure of failed) console.error(AppError.fromJSON(failure))
  }
  if (failed.length > 0) failedPartly()
  return ok({ model: resolve(model), files: recognitions.map(plain), failed }) satisfies Result<Record<string, unknown>>
}

/**
 * `metrics.jsonl` of a run: one JSON object a line, appended as the run goes on, so that it can be followed and
 * plotted while it grows. Lines: `{"type":"step", step, epoch, loss, accuracy, learningRate, gradientNorm, gradientNorms, seconds}`
 * (means over the steps since the line before; norms of the last step, `gradientNorms` by layer; seconds since the training
 * began, pauses left out) and `{"type":"epoch", …}` (an epoch record).
 */
import { createReadStream, existsSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { toAppError, writeFileAtomic } from '../kit/index.ts'
import { epochRecordSchema } from './checkpoint/checkpoint.ts'

const stepLine = z.strictObject({
  type: z.literal('step'),
  step: z.number().int(),
  epoch: z.number().int(),
  loss: z.number(),
  accuracy: z.number(),
  learningRate: z.number(),
  gradientNorm: z.number(),
  /** Of each layer, at the last of the steps. */
  gradientNorms: z.record(z.string(), z.number()).exactOptional(),
  /** Of training and validation so far, pauses left out. */
  seconds: z.number().exactOptional(),
})
const epochLine = z.strictObject({ type: z.literal('epoch'), ...epochRecordSchema.shape })
const metricLineSchema = z.discriminatedUnion('type', [stepLine, epochLine])
export type StepMetrics = z.infer<typeof stepLine>
export type MetricLine = z.infer<typeof metricLineSchema>

export interface MetricsLog {
  add(line: MetricLine): void
  /** Writes what has gathered; throws an AppError where the disk refuses. */
  flush(): Promise<void>
}

/**
 * Opens the log for a run that starts (`keepTo` 0) or goes on after step `keepTo`: lines of later steps, which will
 * be written again, and a line torn by a crash are dropped.
 */
export async function openMetricsLog(path: string, keepTo: number): Promise<MetricsLog> {
  const kept = keepTo === 0 ? [] : (await readMetrics(path)).filter((line) => line.step <= keepTo)
  let waiting = ''
  try {
    await writeFileAtomic(path, kept.map((line) => `${JSON.stringify(line)}\n`).join(''))
  } catch (cause) {
    throw toAppError(cause, 'writing the metrics', path)
  }
  return {
    add(line) {
      waiting += `${JSON.stringify(line)}\n`
    },
    async flush() {
      if (waiting === '') return
      const text = waiting
      waiting = ''
      try {
        await appendFile(path, text)
      } catch (cause) {
        throw toAppError(cause, 'writing the metrics', path)
      }
    },
  }
}

/** Every whole line; a torn or foreign one is left out. */
export async function readMetrics(path: string): Promise<MetricLine[]> {
  if (!existsSync(path)) return []
  const lines: MetricLine[] = []
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const line = parseLine(text)
    if (line) lines.push(line)
  }
  return lines
}

function parseLine(text: string): MetricLine | undefined {
  try {
    return metricLineSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

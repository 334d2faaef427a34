/**
 * The pool's worker thread: takes jobs in the order they come, one after the other, and answers each with
 * plain data. Samples are transferred, not copied.
 */
import { parentPort } from 'node:worker_threads'
import { assert, ok, type Result } from '../kit/index.ts'
import { analyseFile } from './analyse.ts'
import { convertToWav, decodeFile, inspectFile, measureExtremes, measureFile, probeAudio } from './audio-file.ts'
import type { Answer, Job } from './decode-protocol.ts'
import { nearPairs } from './near-pairs.ts'

const port = parentPort
assert(port, 'the decode worker runs only as a worker thread')

const run = async (job: Job): Promise<Result<unknown>> => {
  switch (job.kind) {
    case 'decode':
      return await decodeFile(job.request)
    case 'probe':
      return await probeAudio(job.request.path)
    case 'inspect':
      return await inspectFile(job.request.path)
    case 'analyse':
      return await analyseFile(job.request)
    case 'nearPairs':
      return ok(nearPairs(job.request.fingerprints))
    case 'measure':
      return await measureFile(job.request.path)
    case 'extremes':
      return await measureExtremes(job.request)
    case 'toWav':
      return await convertToWav(job.request)
  }
}

let last: Promise<void> = Promise.resolve()

port.on('message', (job: Job) => {
  last = last.then(async () => {
    const result = await run(job)
    const answer: Answer = result.ok
      ? { id: job.id, ok: true, value: result.value }
      : { id: job.id, ok: false, error: result.error.toJSON() }
    port.postMessage(answer, result.ok ? largeOf(result.value) : [])
  })
})

/** The arrays of an answer, or the one that it is. */
const largeOf = (value: unknown): ArrayBuffer[] =>
  value instanceof Int16Array
    ? [value.buffer as ArrayBuffer]
    : Object.values(value as object).flatMap((member: unknown) => (member instanceof Float32Array ? [member.buffer as ArrayBuffer] : []))

/** A decode worker that misbehaves by the file's name: it hangs, throws, exits, or answers with the name's length. */
import { parentPort, threadId } from 'node:worker_threads'
import type { Answer, Job } from '../../../src-main/audio/decode-protocol.ts'

parentPort!.on('message', ({ id, request: { path } }: Job) => {
  if (path.includes('hang')) for (;;) Math.sqrt(2)
  if (path.includes('throw')) throw new Error('the decoder fell over')
  if (path.includes('exit')) process.exit(7)
  const samples = new Float32Array(path.length).fill(threadId)
  const answer: Answer = { id, ok: true, value: { samples, sampleRate: 1 } }
  parentPort!.postMessage(answer, [samples.buffer])
})

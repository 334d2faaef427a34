import { Worker } from 'node:worker_threads'

/**
 * A thread that looks at the process's memory twenty times a second: the main thread cannot, while the runtime
 * holds it. Plain JavaScript in a string, so that it is there in a bundled build too.
 */
const watch = `
  const { workerData } = require('node:worker_threads')
  const { writeSync } = require('node:fs')
  setInterval(() => {
    if (process.memoryUsage.rss() <= workerData) return
    writeSync(2, 'it needed more than ' + Math.round(workerData / 2 ** 20) + ' MiB of memory')
    process.kill(process.pid, 'SIGKILL')
  }, 50)
`

/** Ends this process as soon as it holds more than `bytes`. */
export function limitMemory(bytes: number): void {
  new Worker(watch, { eval: true, workerData: bytes }).unref()
}

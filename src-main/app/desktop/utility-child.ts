import { utilityProcess } from 'electron'
import type { StartChild } from '../../kit/index.ts'

const STDERR_KEPT = 4000

/** A child process by Electron's own way: packaged with its fuses, Electron's binary no longer acts as a Node to fork. */
export const startUtility: StartChild = (entry, { env = process.env } = {}) => {
  const child = utilityProcess.fork(entry, [], { env: definedOnly(env), stdio: ['ignore', 'ignore', 'pipe'], serviceName: 'Espectro' })
  let stderr = ''
  child.stderr?.setEncoding('utf8' as BufferEncoding).on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT)
  })
  return {
    get pid() {
      return child.pid
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener({ code, signal: null, stderr })),
    kill: () => void child.kill(),
  }
}

const definedOnly = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined))

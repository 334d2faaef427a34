/**
 * A child process behind a small interface, so that the same script runs under Node's `fork` and under Electron's
 * `utilityProcess`. Messages are structured clones: typed arrays travel as bytes.
 */
import { fork } from 'node:child_process'

export interface Child {
  readonly pid: number | undefined
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once when the process is gone; `stderr` is the end of what it wrote there. */
  onExit(listener: (exit: ChildExit) => void): void
  kill(): void
}

export interface ChildExit {
  readonly code: number | null
  readonly signal: string | null
  readonly stderr: string
}

export interface ChildOptions {
  /** The environment; the parent's unless told. */
  readonly env?: NodeJS.ProcessEnv
}

export type StartChild = (entry: string, options?: ChildOptions) => Child

const STDERR_KEPT = 4000

export const forkChild: StartChild = (entry, { env = process.env } = {}) => {
  const child = fork(entry, [], { env, serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT)
  })
  return {
    pid: child.pid,
    send: (message) => {
      // A child that has just died is reported by its exit; a message to it may be lost.
      if (child.connected) child.send(message as object, () => {})
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let gone = false
      const once = (exit: ChildExit) => {
        if (gone) return
        gone = true
        listener(exit)
      }
      child.once('close', (code, signal) => once({ code, signal, stderr }))
      child.once('error', (problem) => once({ code: null, signal: null, stderr: `${stderr}${problem.message}` }))
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

let starter: StartChild = forkChild
/** Starts a child in the way of this program: by `fork`, unless it was told another. */
export const startChild: StartChild = (entry, options) => starter(entry, options)
/** Said once, before anything runs: a packaged Electron cannot fork. */
export function startChildrenBy(way: StartChild): void {
  starter = way
}

/** The other end, inside the child. */
export interface Parent {
  send(message: unknown): Promise<void>
  onMessage(listener: (message: unknown) => void): void
  /** The parent is gone: whoever works for it should stop. */
  onDisconnect(listener: () => void): void
}

interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

export function connectParent(): Parent {
  const port = (process as { parentPort?: ParentPort }).parentPort
  if (port) {
    return {
      send: (message) => Promise.resolve(port.postMessage(message)),
      onMessage: (listener) => port.on('message', (event) => listener(event.data)),
      onDisconnect: () => {}, // Electron ends its utility processes with the app
    }
  }
  return {
    send: (message) =>
      new Promise((resolve) => {
        if (process.connected && process.send) process.send(message, () => resolve())
        else resolve()
      }),
    onMessage: (listener) => void process.on('message', listener),
    onDisconnect: (listener) => void process.once('disconnect', listener),
  }
}

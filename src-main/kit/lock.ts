/** One process at a time: a lock file beside what it guards names the process that holds it. */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'

export interface FileLock extends Disposable {
  release(): void
}

interface Holder {
  readonly pid: number
  readonly token: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/**
 * Takes the lock, or gives null where a living process holds it. What a dead process has left, or one from before the
 * machine was started (its number may be another's now), is set aside first. Throws the system's error.
 */
export function takeLock(path: string): FileLock | null {
  const mine: Holder = { pid: process.pid, token: randomUUID(), at: Date.now() }
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, JSON.stringify(mine), { flag: 'wx' })
      const release = () => {
        if (readHolder(path)?.token === mine.token) rmSync(path, { force: true })
      }
      return { release, [Symbol.dispose]: release }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    }
    const holder = readHolder(path)
    if (holder && isAlive(holder)) return null
    setAside(path)
  }
  return null
}

/** Whether a living process holds the lock; this one counts too. */
export function isLocked(path: string): boolean {
  const holder = readHolder(path)
  return holder !== null && isAlive(holder)
}

function setAside(path: string): void {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
    const holder = readHolder(aside)
    // Another process has taken over since we looked: the lock is its own.
    if (holder && isAlive(holder)) linkSync(aside, path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'EEXIST') throw cause
  } finally {
    rmSync(aside, { force: true })
  }
}

/** Null where the file is gone or does not name a process, as after a crash in the middle of writing it. */
function readHolder(path: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder> | null
    return typeof holder?.pid === 'number' && typeof holder.token === 'string' ? { pid: holder.pid, token: holder.token, at: holder.at ?? 0 } : null
  } catch {
    return null
  }
}

/** Clocks are set while a machine runs, mostly by seconds. */
const CLOCK_TOLERANCE = 60_000

function isAlive({ pid, at }: Holder): boolean {
  if (at + CLOCK_TOLERANCE < Date.now() - uptime() * 1000) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}

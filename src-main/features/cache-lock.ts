/** One writer for a cache: a lock file beside it that names the process holding it. */
import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

export interface WriterLock {
  release(): void
}

interface Holder {
  readonly pid: number
  readonly token: string
}

/**
 * Takes the lock, or gives null where a living process holds it. The lock of a dead process is set aside
 * first. Should two processes take over at the same instant both may write; records carry checksums, so the
 * worst that follows is that some features are computed again. Throws the system's error.
 */
export function takeWriterLock(path: string): WriterLock | null {
  const mine: Holder = { pid: process.pid, token: randomUUID() }
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, JSON.stringify(mine), { flag: 'wx' })
      return {
        release() {
          if (readHolder(path)?.token === mine.token) rmSync(path, { force: true })
        },
      }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    }
    const holder = readHolder(path)
    if (holder && isAlive(holder.pid)) return null
    setAside(path)
  }
  return null
}

function setAside(path: string): void {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
    rmSync(aside, { force: true })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
  }
}

/** Null where the file is gone or does not name a process, as after a crash in the middle of writing it. */
function readHolder(path: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder> | null
    return typeof holder?.pid === 'number' && typeof holder.token === 'string' ? { pid: holder.pid, token: holder.token } : null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}

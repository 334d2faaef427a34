/**
 * New recordings in a folder, as they arrive. The folder is looked at again and again: that works on network drives,
 * misses nothing, and outlives the folder being renamed or taken away and coming back. A file is given when its size
 * and time have not changed from one look to the next; one that changes later is given again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { listSounds, type SoundFile } from './list-sounds.ts'

export interface WatchOptions {
  /** Milliseconds between two looks. */
  readonly every?: number
  readonly signal: AbortSignal
  /** Files that are known already, as they were. */
  readonly known?: readonly SoundFile[]
}

const stamp = ({ bytes, changed }: SoundFile): string => `${bytes} ${changed}`

export async function* watchFolder(folder: string, { every = 1000, signal, known = [] }: WatchOptions): AsyncGenerator<SoundFile, void, void> {
  const given = new Map(known.map((file) => [file.name, stamp(file)]))
  let before = new Map<string, string>()
  while (!signal.aborted) {
    const listed = await listSounds(folder)
    const now = new Map<string, string>()
    for (const file of listed.ok ? listed.value : []) {
      const state = stamp(file)
      now.set(file.name, state)
      if (file.bytes === 0 || before.get(file.name) !== state || given.get(file.name) === state) continue
      given.set(file.name, state)
      yield file
      if (signal.aborted) return
    }
    // What is gone may come again under the same name.
    if (listed.ok) for (const name of given.keys()) if (!now.has(name)) given.delete(name)
    before = now
    await sleep(every, undefined, { signal }).catch(() => undefined)
  }
}

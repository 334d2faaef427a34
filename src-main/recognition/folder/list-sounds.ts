import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isAudioFile } from '../../audio/index.ts'
import { err, ok, toAppError, type Result } from '../../kit/index.ts'

export interface SoundFile {
  /** Below the folder, with `/` between. */
  readonly name: string
  readonly path: string
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly changed: number
}

/** A folder of more recordings than this is none that is recognised at once. */
const MOST_FILES = 100_000

/** The recordings in a folder and below it, by name; what is hidden or goes away while we look is left out. */
export async function listSounds(folder: string): Promise<Result<SoundFile[]>> {
  const found: SoundFile[] = []
  const waiting: string[] = ['']
  for (let below = waiting.shift(); below !== undefined && found.length < MOST_FILES; below = waiting.shift()) {
    try {
      for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
        const name = below === '' ? entry.name : `${below}/${entry.name}`
        if (entry.name.startsWith('.')) continue
        if (entry.isDirectory()) waiting.push(name)
        else if (entry.isFile() && isAudioFile(entry.name)) {
          const path = join(folder, name)
          const facts = await stat(path).catch(() => null)
          if (facts) found.push({ name, path, bytes: facts.size, changed: facts.mtimeMs })
        }
      }
    } catch (cause) {
      if (below === '') return err(toAppError(cause, 'looking into the folder', folder))
    }
  }
  return ok(found.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })))
}

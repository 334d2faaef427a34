import { createHash, randomBytes } from 'node:crypto'
import { opendir, readdir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, parse } from 'node:path'
import { isAudioFile } from '../audio/index.ts'
import { AppError, err, ok, toAppError, type Result } from '../kit/index.ts'

/**
 * Folders that a dialog has shown. The window names them by tokens: a page that something evil has taken over
 * cannot ask for a folder that nobody chose.
 */
export interface Places {
  /** The token of a folder that the person chose. */
  admit(folder: string): Promise<Result<string>>
  /** The folder of a token. */
  resolve(token: string): Result<string>
  /** A page of the folder dialog; without a token, where it starts. */
  list(token: string | null): Promise<Result<FolderListing>>
}

export interface FolderListing {
  readonly here: { readonly token: string; readonly path: string; readonly recordings: number; readonly more: boolean }
  readonly parent: string | null
  readonly folders: readonly { readonly token: string; readonly name: string }[]
  readonly shortcuts: readonly { readonly token: string; readonly name: string }[]
}

/** A dialog page lists so many folders at most. */
const MAX_FOLDERS = 2000
/** Looking below a folder for recordings stops after so many entries: the number is a hint for the person. */
const LOOKED_AT = 20_000

export interface PlacesOptions {
  /** Where the dialog starts, and what it offers beside: existing folders only are shown. */
  readonly shortcuts?: readonly string[]
}

export function createPlaces(options: PlacesOptions = {}): Places {
  // Tokens say nothing of the path and differ from launch to launch.
  const salt = randomBytes(32)
  const folders = new Map<string, string>()
  const shortcuts = options.shortcuts ?? [homedir(), join(homedir(), 'Music'), join(homedir(), 'Downloads'), process.cwd()]

  const tokenOf = (folder: string): string => {
    const token = createHash('sha256').update(salt).update(folder).digest('base64url').slice(0, 22)
    folders.set(token, folder)
    return token
  }

  const places: Places = {
    async admit(folder) {
      try {
        const real = await realpath(folder)
        if (!(await stat(real)).isDirectory())
          return err(new AppError('INVALID', `This is not a folder: ${folder}`, { file: folder, hint: 'Choose the folder that holds the recordings.' }))
        return ok(tokenOf(real))
      } catch (cause) {
        return err(toAppError(cause, `looking at ${folder}`, folder))
      }
    },
    resolve(token) {
      const folder = folders.get(token)
      return folder === undefined
        ? err(new AppError('NOT_FOUND', 'This folder was not chosen in a dialog', { hint: 'Choose the folder again.' }))
        : ok(folder)
    },
    async list(token) {
      const start = token === null ? await places.admit(shortcuts[0] ?? homedir()) : ok(token)
      if (!start.ok) return start
      const folder = places.resolve(start.value)
      if (!folder.ok) return folder
      const path = folder.value
      try {
        const entries = await readdir(path, { withFileTypes: true })
        const names = entries.filter((e) => e.isDirectory() && !e.name.startsWith('.')).map((e) => e.name)
        names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
        return ok({
          here: { token: start.value, path, ...(await countRecordings(path)) },
          parent: parse(path).root === path ? null : tokenOf(dirname(path)),
          folders: names.slice(0, MAX_FOLDERS).map((name) => ({ token: tokenOf(join(path, name)), name })),
          shortcuts: await existing(shortcuts, tokenOf),
        })
      } catch (cause) {
        return err(toAppError(cause, `looking at ${path}`, path))
      }
    },
  }
  return places
}

async function existing(folders: readonly string[], tokenOf: (folder: string) => string): Promise<{ token: string; name: string }[]> {
  const found: { token: string; name: string }[] = []
  for (const folder of new Set(folders)) {
    const real = await realpath(folder).catch(() => null)
    if (real !== null && (await stat(real)).isDirectory()) found.push({ token: tokenOf(real), name: basename(real) || real })
  }
  return found
}

/** Recordings in the folder and below it, as far as a quick look goes. */
export async function countRecordings(folder: string): Promise<{ readonly recordings: number; readonly more: boolean }> {
  let recordings = 0
  let looked = 0
  const waiting = [folder]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const directory = await opendir(next).catch(() => null)
    if (!directory) continue
    for await (const entry of directory) {
      looked += 1
      if (looked > LOOKED_AT) return { recordings, more: true }
      if (entry.isDirectory() && !entry.name.startsWith('.')) waiting.push(join(next, entry.name))
      else if (entry.isFile() && isAudioFile(entry.name)) recordings += 1
    }
  }
  return { recordings, more: false }
}

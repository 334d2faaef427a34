import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { err, fail, joinInside, ok, toAppError, type Result } from '../kit/index.ts'
import { readTable, type Table, type TableOptions } from './csv-table.ts'

/** Tables that may hold the labels of a folder: in it, and one folder below. */
export interface FoundTable {
  /** Below the folder, with forward slashes. */
  readonly name: string
  readonly bytes: number
}

const TABLE = /^[^.].*\.(csv|tsv|txt)$/i
const MAX_TABLES = 100
/** A table is read whole; a million rows have 60 MB. */
const MAX_BYTES = 128 * 2 ** 20

export async function findTables(folder: string): Promise<FoundTable[]> {
  const found: FoundTable[] = []
  const look = async (path: string, prefix: string, below: boolean): Promise<void> => {
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      if (found.length >= MAX_TABLES || entry.name.startsWith('.')) continue
      if (entry.isDirectory() && below) await look(join(path, entry.name), `${prefix}${entry.name}/`, false)
      else if (entry.isFile() && TABLE.test(entry.name)) found.push({ name: prefix + entry.name, bytes: (await stat(join(path, entry.name))).size })
    }
  }
  await look(folder, '', true)
  const rank = ({ name }: FoundTable) => `${name.split('/').length}${/txt$/i.test(name) ? 1 : 0}${name}`
  return found.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

/** The path of a table that was found, which stays inside the folder. */
export function tablePath(folder: string, name: string): Result<string> {
  try {
    const path = joinInside(folder, name)
    return TABLE.test(name.split('/').at(-1)!) ? ok(path) : fail('INVALID', 'This is not a table', { file: name })
  } catch (cause) {
    return err(toAppError(cause, 'the table cannot be read', name))
  }
}

export async function previewTable(path: string, options: TableOptions): Promise<Result<Table>> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return fail('INVALID', 'The table is larger than 128 MB', { file: path })
    return readTable(await readFile(path, 'utf8'), path, options)
  } catch (cause) {
    return err(toAppError(cause, 'the table cannot be read', path))
  }
}

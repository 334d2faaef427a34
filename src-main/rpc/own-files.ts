import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, joinInside, ok, toAppError, err, type Result } from '../kit/index.ts'
import type { Places } from './places.ts'

export type OwnKind = 'archive' | 'model'
const ENDINGS: Readonly<Record<OwnKind, string>> = { archive: '.espectro', model: '.onnx' }

export interface OwnFile {
  readonly name: string
  readonly kind: OwnKind
  readonly bytes: number
}

export const kindOf = (name: string): OwnKind | null =>
  (Object.keys(ENDINGS) as OwnKind[]).find((kind) => name.toLowerCase().endsWith(ENDINGS[kind])) ?? null

/** Shown at most; a folder with more of them is none that a person looks through. */
const LISTED = 100

/** Archives and models that lie directly in a place. */
export async function findOwnFiles(places: Places, token: string): Promise<Result<OwnFile[]>> {
  const folder = places.resolve(token)
  if (!folder.ok) return folder
  try {
    const names = (await readdir(folder.value, { withFileTypes: true })).filter((e) => e.isFile() && kindOf(e.name) !== null).map((e) => e.name)
    const files = names.sort().slice(0, LISTED).map(async (name) => ({ name, kind: kindOf(name)!, bytes: (await stat(join(folder.value, name))).size }))
    return ok(await Promise.all(files))
  } catch (cause) {
    return err(toAppError(cause, 'looking into the folder', folder.value))
  }
}

/** The path of such a file. */
export function ownFile(places: Places, token: string, name: string, kind: OwnKind): Result<string> {
  const folder = places.resolve(token)
  if (!folder.ok) return folder
  if (kindOf(name) !== kind) return fail('INVALID', `This is not a ${ENDINGS[kind]} file: ${name}`, { file: name })
  return ok(joinInside(folder.value, name))
}

import { isAbsolute, relative, resolve, sep } from 'node:path'
import { AppError } from './result.ts'

/** True where `path` is `root` or below it, by name (links are not followed). */
export function isInside(root: string, path: string): boolean {
  const way = relative(resolve(root), resolve(path))
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** Joins a name that is not trusted; throws `INVALID` where the result would leave `root`. */
export function joinInside(root: string, name: string): string {
  const path = resolve(root, name)
  if (name.includes('\0') || !isInside(root, path)) {
    throw new AppError('INVALID', `The path leaves its folder: ${JSON.stringify(name)}`, { file: name })
  }
  return path
}

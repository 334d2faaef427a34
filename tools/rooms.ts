/**
 * Reads the sources and reports every import that `rooms.json` does not allow: a room that imports a room
 * below it, a room entered other than by its index, a vendor outside its room, a pure room that touches the
 * file system, the clock or global randomness.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

export interface RoomTable {
  readonly root: string
  readonly rooms: Readonly<Record<string, readonly string[]>>
  readonly vendors: Readonly<Record<string, readonly string[]>>
  readonly pure: {
    readonly rooms: readonly string[]
    readonly forbidden: readonly string[]
    readonly forbiddenText: readonly string[]
  }
}

export interface SourceFile {
  /** Path below the project's root, with forward slashes. */
  readonly path: string
  readonly text: string
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|\brequire\(\s*['"]([^'"]+)['"]\s*\)/g

export function checkRooms(table: RoomTable, files: readonly SourceFile[]): string[] {
  const problems: string[] = []
  for (const file of files) {
    const [root, room, ...rest] = file.path.split('/')
    if (root !== table.root) continue
    if (room === undefined || rest.length === 0) {
      problems.push(`${file.path}: a source outside every room`)
      continue
    }
    const allowed = table.rooms[room]
    if (!allowed) {
      problems.push(`${file.path}: unknown room "${room}"`)
      continue
    }
    for (const specifier of importsOf(file.text)) {
      if (specifier.startsWith('.')) {
        const target = relative('/', resolve(`/${dirname(file.path)}`, specifier)).split(sep).join('/')
        const [targetRoot, targetRoom, ...inner] = target.split('/')
        if (targetRoot !== table.root) problems.push(`${file.path}: imports ${specifier}, outside ${table.root}`)
        else if (targetRoom !== room) {
          if (!targetRoom || !allowed.includes(targetRoom))
            problems.push(`${file.path}: bad layering, ${room} may import [${allowed.join(', ')}], not ${targetRoom}`)
          else if (inner.join('/') !== 'index.ts')
            problems.push(`${file.path}: enter ${targetRoom} by its index.ts, not ${inner.join('/')}`)
        }
        continue
      }
      const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]!
      const owners = table.vendors[name]
      if (owners && !owners.includes(room)) problems.push(`${file.path}: ${name} lives in [${owners.join(', ')}] only`)
      if (table.pure.rooms.includes(room) && table.pure.forbidden.includes(specifier))
        problems.push(`${file.path}: ${room} is pure and may not import ${specifier}`)
    }
    if (table.pure.rooms.includes(room))
      for (const text of table.pure.forbiddenText)
        if (file.text.includes(text)) problems.push(`${file.path}: ${room} is pure and may not use ${text}`)
  }
  return problems
}

function* importsOf(text: string): Generator<string> {
  for (const match of text.matchAll(IMPORT)) yield (match[1] ?? match[2] ?? match[3] ?? match[4])!
}

export function readSources(projectRoot: string, folder: string): SourceFile[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts'))
    .map((e) => {
      const path = join(e.parentPath, e.name)
      return { path: relative(projectRoot, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }
    })
}

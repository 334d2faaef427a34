/**
 * Reads the sources and reports every import that `rooms.json` does not allow: a room that imports a room
 * below it, a room entered other than by its index, a vendor outside its room, a pure room that touches the
 * file system, the clock or global randomness, a part of the program (`src-renderer`, …) that reaches into
 * another.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

export interface RoomTable {
  readonly root: string
  readonly rooms: Readonly<Record<string, readonly string[]>>
  /** Who may import a package: a room, a file of a room without its ending (`app/desktop`), or another part. */
  readonly vendors: Readonly<Record<string, readonly string[]>>
  /** The parts beside the rooms: which other parts each may enter, and the only packages it may import. */
  readonly parts: Readonly<Record<string, { readonly parts: readonly string[]; readonly packages: readonly string[] }>>
  /** Which rooms may enter which parts. */
  readonly doors: Readonly<Record<string, readonly string[]>>
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
  return files.flatMap((file) => {
    const root = file.path.split('/')[0]!
    if (root === table.root) return checkRoomFile(table, file)
    return table.parts[root] ? checkPartFile(table, root, file) : []
  })
}

function checkRoomFile(table: RoomTable, file: SourceFile): string[] {
  const problems: string[] = []
  const [, room, ...rest] = file.path.split('/')
  if (room === undefined || rest.length === 0) return [`${file.path}: a source outside every room`]
  const allowed = table.rooms[room]
  if (!allowed) return [`${file.path}: unknown room "${room}"`]
  for (const specifier of importsOf(file.text)) {
    if (specifier.startsWith('.')) {
      const [targetRoot, targetRoom, ...inner] = targetOf(file, specifier).split('/')
      if (targetRoot !== table.root) {
        if (!table.doors[room]?.includes(targetRoot!)) problems.push(`${file.path}: imports ${specifier}, outside ${table.root}`)
        else if (targetRoom !== 'index.ts') problems.push(`${file.path}: enter ${targetRoot} by its index.ts`)
      } else if (targetRoom !== room) {
        if (!targetRoom || !allowed.includes(targetRoom))
          problems.push(`${file.path}: bad layering, ${room} may import [${allowed.join(', ')}], not ${targetRoom}`)
        else if (inner.join('/') !== 'index.ts')
          problems.push(`${file.path}: enter ${targetRoom} by its index.ts, not ${inner.join('/')}`)
      }
      continue
    }
    const owners = table.vendors[packageOf(specifier)]
    if (owners && !owners.some((owner) => ownsFile(owner, room, rest.join('/'))))
      problems.push(`${file.path}: ${packageOf(specifier)} lives in [${owners.join(', ')}] only`)
    if (table.pure.rooms.includes(room) && table.pure.forbidden.includes(specifier))
      problems.push(`${file.path}: ${room} is pure and may not import ${specifier}`)
  }
  if (table.pure.rooms.includes(room))
    for (const text of table.pure.forbiddenText)
      if (file.text.includes(text)) problems.push(`${file.path}: ${room} is pure and may not use ${text}`)
  return problems
}

/** `app` owns all of the room; `app/desktop` owns `app/desktop.ts` and `app/desktop/…`. */
function ownsFile(owner: string, room: string, inner: string): boolean {
  if (owner === room) return true
  const path = `${room}/${inner}`
  return path === `${owner}.ts` || path.startsWith(`${owner}/`)
}

function checkPartFile(table: RoomTable, part: string, file: SourceFile): string[] {
  const { parts, packages } = table.parts[part]!
  const problems: string[] = []
  for (const specifier of importsOf(file.text)) {
    if (specifier.startsWith('.') || specifier.startsWith('@/') || specifier === '@contract') {
      const target = specifier === '@contract' ? 'src-contract/index.ts' : specifier.startsWith('@/') ? part : targetOf(file, specifier)
      const [targetRoot, ...inner] = target.split('/')
      if (targetRoot === part) continue
      if (!parts.includes(targetRoot!)) problems.push(`${file.path}: ${part} may import [${parts.join(', ')}], not ${targetRoot}`)
      else if (inner.join('/') !== 'index.ts') problems.push(`${file.path}: enter ${targetRoot} by its index.ts, not ${inner.join('/')}`)
      continue
    }
    if (!packages.includes(packageOf(specifier)))
      problems.push(`${file.path}: ${part} may import the packages [${packages.join(', ')}], not ${packageOf(specifier)}`)
  }
  return problems
}

const targetOf = (file: SourceFile, specifier: string): string =>
  relative('/', resolve(`/${dirname(file.path)}`, specifier)).split(sep).join('/')

const packageOf = (specifier: string): string =>
  specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]!

function* importsOf(text: string): Generator<string> {
  for (const match of text.matchAll(IMPORT)) yield (match[1] ?? match[2] ?? match[3] ?? match[4])!
}

export function readSources(projectRoot: string, folder: string): SourceFile[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.(ts|vue)$/.test(e.name))
    .map((e) => {
      const path = join(e.parentPath, e.name)
      return { path: relative(projectRoot, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }
    })
}

import { homedir } from 'node:os'
import { join } from 'node:path'
import { joinInside } from '../kit/index.ts'

/** The parts of a library folder. Everything a library owns is below it; linked recordings stay where they are. */
export interface LibraryFolder {
  readonly root: string
  readonly catalogFile: string
  /** Recordings by content: `media/ab/<sha256>.<extension>`. */
  readonly media: string
  /** Computed features; may be deleted at any time. */
  readonly features: string
  /** Pictures of recordings, and decoded copies of long ones; may be deleted at any time. */
  readonly cache: string
  /** One folder a run: settings, metrics, checkpoints. */
  readonly runs: string
  /** Exported ONNX files. */
  readonly models: string
  /** Verified copies of the catalog, and catalogs set aside as corrupt. */
  readonly backups: string
  /** Files on their way in; nothing in it outlives the import that it is for. */
  readonly inbox: string
  /** Files that the person deleted, until the bin is emptied. */
  readonly bin: string
}

export function libraryFolder(root: string): LibraryFolder {
  return {
    root,
    catalogFile: join(root, 'catalog.sqlite'),
    media: join(root, 'media'),
    features: join(root, 'features'),
    cache: join(root, 'cache'),
    runs: join(root, 'runs'),
    models: join(root, 'models'),
    backups: join(root, 'backups'),
    inbox: join(root, 'inbox'),
    bin: join(root, 'bin'),
  }
}

export const LIBRARY_PARTS = ['media', 'features', 'cache', 'runs', 'models', 'backups', 'inbox', 'bin'] as const

/** Where a library lives when nobody says otherwise: the place that each system keeps application data in. */
export function defaultLibraryFolder(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  if (platform === 'win32') return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Espectro')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Espectro')
  // The XDG rules say that a relative XDG_DATA_HOME is to be ignored.
  const data = env['XDG_DATA_HOME']
  return join(data?.startsWith('/') ? data : join(home, '.local', 'share'), 'espectro')
}

/** Media file of a recording, relative to `media/`. */
export const mediaName = (sha256: string, extension: string): string =>
  `${sha256.slice(0, 2)}/${sha256}.${extension}`

/** Absolute path of a media file; a catalog from elsewhere cannot name a path outside the folder. */
export const mediaFile = (folder: LibraryFolder, sha256: string, extension: string): string =>
  joinInside(folder.media, mediaName(sha256, extension))

/** The extension a media file keeps (the decoder wants it): lower case, letters and digits only. */
export function mediaExtension(name: string): string {
  const match = /\.([a-z0-9]{1,8})$/i.exec(name)
  return match ? match[1]!.toLowerCase() : 'bin'
}

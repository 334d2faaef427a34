import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Readable } from 'node:stream'
import { isInside } from '../kit/index.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
}

/** The file name a URL path means, below the served folder; null where it means none. */
export function staticName(pathname: string): string | null {
  let name: string
  try {
    name = decodeURIComponent(pathname)
  } catch {
    return null
  }
  // Decoded once, and only once: what still holds an escape is a name that no built file has.
  if (!/^\/[\w./@ -]*$/.test(name)) return null
  const parts = name.split('/').slice(1)
  if (parts.some((part, i) => part.startsWith('.') || (part === '' && i < parts.length - 1))) return null
  return name.endsWith('/') ? `${name.slice(1)}index.html` : name.slice(1)
}

/**
 * Answers from the built page. The file that would be read, links followed, must lie in the folder, links
 * followed; anything else does not exist. Only known kinds of file are served.
 */
export async function serveStatic(folder: string, pathname: string): Promise<Response | null> {
  const name = staticName(pathname)
  const type = name === null ? undefined : TYPES[extname(name)]
  if (name === null || type === undefined) return null
  let path: string
  let bytes: number
  try {
    const root = await realpath(folder)
    path = await realpath(join(root, name))
    const found = await stat(path)
    if (!isInside(root, path) || !found.isFile()) return null
    bytes = found.size
  } catch {
    return null
  }
  const headers = new Headers({
    'content-type': type,
    'content-length': String(bytes),
    // Names of assets carry a hash of their content; the page itself does not.
    'cache-control': name.startsWith('assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
  })
  return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>, { headers })
}

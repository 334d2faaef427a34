import type { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** Files in memory as one ZIP, in a folder of their own. */
export function writeZip(folder: string, entries: readonly { readonly path: string; readonly bytes: Uint8Array }[]): Readable {
  const zip = new ZipFile()
  for (const { path, bytes } of entries) zip.addBuffer(Buffer.from(bytes), `${folder}/${path}`)
  zip.end()
  return zip.outputStream as Readable
}

import { readFile, realpath, stat } from 'node:fs/promises'
import { isAudioFile, probeAudio } from '../audio/index.ts'
import { isInside, joinInside } from '../kit/index.ts'
import { problem } from './media-answers.ts'
import type { Services } from './services.ts'

const ADDRESS = /^\/import\/([\w-]{22})\/([^/]+)$/
/** Bytes; the window decodes a file in one piece. */
const LARGEST = 512 * 2 ** 20

/**
 * A recording of a place that the person chose, as it is, so that the window can decode what the program cannot: the
 * address that `importedFileUrl` makes. Only recordings whose real path lies below the place are given.
 */
export async function serveImportedFile(request: Request, services: Services): Promise<Response | null> {
  const [, place, name] = ADDRESS.exec(new URL(request.url).pathname) ?? []
  if (place === undefined || name === undefined) return null
  const folder = services.places.resolve(place)
  if (!folder.ok) return problem(404, folder.error.message)
  try {
    const path = await realpath(joinInside(folder.value, decodeURIComponent(name)))
    if (!isInside(await realpath(folder.value), path) || !isAudioFile(path)) return problem(404, 'There is no such recording here.')
    const { size } = await stat(path)
    if (size > LARGEST) return problem(422, 'The file is too large to be decoded in one piece.')
    const header = await probeAudio(path)
    if (!header.ok) return problem(422, header.error.message)
    return new Response(new Uint8Array(await readFile(path)), {
      headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-store', 'x-sample-rate': String(header.value.sampleRate) },
    })
  } catch {
    return problem(404, 'There is no such recording here.')
  }
}

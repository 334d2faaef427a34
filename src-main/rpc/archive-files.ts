import { Readable } from 'node:stream'
import { writeArchive } from '../archive/index.ts'
import { AppError } from '../kit/index.ts'
import { attachment } from './attachment.ts'
import { datasetName } from './handlers/names.ts'
import type { Services } from './services.ts'

const ADDRESS = /^\/archives\/([1-9]\d{0,14})\.espectro$/

/** A dataset as an archive, to save: the address that `src-contract/archives.ts` makes. null where it is not one. */
export async function serveArchive(request: Request, services: Services): Promise<Response | null> {
  const [, id] = ADDRESS.exec(new URL(request.url).pathname) ?? []
  if (id === undefined) return null
  const { library } = services
  try {
    const name = datasetName(library, Number(id))
    const archive = await writeArchive(library, name)
    if (!archive.ok) return problem(archive.error)
    const body = Readable.toWeb(archive.value) as ReadableStream<Uint8Array>
    return new Response(body, { headers: { 'content-type': 'application/zip', 'cache-control': 'no-store', ...attachment(`${name}.espectro`) } })
  } catch (cause) {
    if (cause instanceof AppError) return problem(cause)
    throw cause
  }
}

const problem = ({ message, hint }: AppError): Response =>
  new Response(`${[message, hint].filter(Boolean).join('. ')}\n`, { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } })

import { serveArchive } from './archive-files.ts'
import { serveImportedFile } from './imported-file.ts'
import { serveDetectedSound } from './detected-sound.ts'
import { serveMedia } from './media.ts'
import { serveModel } from './model-files.ts'
import { withSecurityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'
import { takePiece } from './upload-piece.ts'
import { serveStatic } from './static-files.ts'

const METHODS = new Set(['GET', 'HEAD', 'PUT'])

/**
 * Everything that a page gets by its address: media of the library, and the built page itself; and what it sends by
 * PUT: pieces of an upload. The served door calls it from Node's HTTP server, the desktop door from Electron's
 * protocol handler.
 */
export function createRequestHandler(services: Services, pageFolder: string): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!METHODS.has(request.method)) return withSecurityHeaders(new Response(null, { status: 405 }))
    try {
      if (request.method === 'PUT') return withSecurityHeaders(await takePiece(request, services))
      const found = (await serveMedia(request, services)) ?? (await serveDetectedSound(request, services)) ?? (await serveModel(request, services)) ?? (await serveArchive(request, services)) ?? (await serveImportedFile(request, services)) ?? (await serveStatic(pageFolder, new URL(request.url).pathname))
      return withSecurityHeaders(found ?? new Response('There is nothing here.\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } }))
    } catch (cause) {
      services.onBug(cause)
      return withSecurityHeaders(new Response('Something went wrong.\n', { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' } }))
    }
  }
}

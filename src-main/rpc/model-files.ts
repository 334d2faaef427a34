import { readFile } from 'node:fs/promises'
import { listModels } from '../catalog/index.ts'
import { attachment } from './attachment.ts'
import { bytesResponse } from './byte-range.ts'
import type { Services } from './services.ts'

const ADDRESS = /^\/models\/([0-9a-f]{64})\.onnx$/

/** An exported model, to save: the address that `src-contract/models.ts` makes. null where it is not one. */
export async function serveModel(request: Request, services: Services): Promise<Response | null> {
  const [, id] = ADDRESS.exec(new URL(request.url).pathname) ?? []
  const model = id === undefined ? undefined : listModels(services.library).find((m) => m.id === id)
  if (!model) return null
  try {
    const response = bytesResponse(request, new Uint8Array(await readFile(model.file)), 'application/octet-stream')
    response.headers.set('content-disposition', attachment(`${model.name}.onnx`)['content-disposition'])
    return response
  } catch {
    return new Response('The model file is no longer there.\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }
}

import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { writeZip } from '../archive/index.ts'
import { listModels, type ModelRecord } from '../catalog/index.ts'
import type { AppError } from '../kit/index.ts'
import { folderName, withoutFrontEnd } from '../models/index.ts'
import { attachment } from './attachment.ts'
import { bytesResponse } from './byte-range.ts'
import { modelFolder } from './model-folder.ts'
import type { Services } from './services.ts'

const ADDRESS = /^\/models\/([0-9a-f]{64})\.(onnx|zip)$/

/** An exported model, to save, alone or in a folder: the addresses that `src-contract/models.ts` makes. null where it is not one. */
export async function serveModel(request: Request, services: Services): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url)
  const [, id, kind] = ADDRESS.exec(pathname) ?? []
  const model = id === undefined ? undefined : listModels(services.library).find((m) => m.id === id)
  if (!model) return null
  return kind === 'zip' ? await serveFolder(services, model, searchParams) : await serveFile(request, model, searchParams.get('frontEnd') !== '0')
}

async function serveFile(request: Request, model: ModelRecord, frontEnd: boolean): Promise<Response> {
  let bytes: Uint8Array
  try {
    bytes = new Uint8Array(await readFile(model.file))
  } catch {
    return text(404, 'The model file is no longer there.')
  }
  if (!frontEnd) {
    const cut = withoutFrontEnd(bytes)
    if (!cut.ok) return problem(cut.error)
    bytes = cut.value
  }
  const response = bytesResponse(request, new Uint8Array(bytes), 'application/octet-stream')
  response.headers.set('content-disposition', attachment(`${folderName(model.name)}${frontEnd ? '' : '-features'}.onnx`)['content-disposition'])
  return response
}

async function serveFolder(services: Services, model: ModelRecord, parameters: URLSearchParams): Promise<Response> {
  const language = parameters.get('language') === 'es' ? 'es' : 'en'
  const folder = await modelFolder(services, model.id, { language, frontEnd: parameters.get('frontEnd') !== '0', example: parameters.get('example') === '1' })
  if (!folder.ok) return problem(folder.error)
  const name = folderName(folder.value.name)
  const body = Readable.toWeb(writeZip(name, folder.value.entries)) as ReadableStream<Uint8Array>
  return new Response(body, { headers: { 'content-type': 'application/zip', 'cache-control': 'no-store', ...attachment(`${name}.zip`) } })
}

const problem = ({ message, hint }: AppError): Response => text(404, [message, hint].filter(Boolean).join('. '))
const text = (status: number, message: string): Response => new Response(`${message}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } })

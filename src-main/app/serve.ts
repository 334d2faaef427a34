/** The served door: the studio in a browser on this machine, at an address that opens once. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createScope, fail, ok, type Result } from '../kit/index.ts'
import { createSocketTransport } from '../rpc/index.ts'
import { startServer } from './served/server.ts'
import { openStudio } from './studio.ts'

export interface ServeOptions {
  readonly library: string
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** The built page; `out/renderer` of the project unless told. */
  readonly page?: string
  /** Where the folder dialog starts. */
  readonly places?: readonly string[]
  /** A used address was opened: a fresh one, to print. */
  readonly onUsedAddress?: (fresh: string) => void
}

export interface Served extends AsyncDisposable {
  /** Opens once; ask again for another. */
  address(): string
  readonly origin: string
}

export const BUILT_PAGE = fileURLToPath(new URL('../../out/renderer/', import.meta.url))

export async function serve(options: ServeOptions): Promise<Result<Served>> {
  const page = options.page ?? BUILT_PAGE
  if (!existsSync(join(page, 'index.html')))
    return fail('NOT_FOUND', 'The page has not been built yet', { file: page, hint: 'Run "npm start", which builds it.' })
  const studio = openStudio({
    library: options.library,
    page,
    typedPaths: true,
    ...(options.places ? { places: options.places } : {}),
  })
  if (!studio.ok) return studio
  const scope = createScope()
  scope.add(studio.value)
  const { calls, services, answer } = studio.value
  const server = await startServer({
    address: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    answer,
    sockets: createSocketTransport(calls, services),
    ...(options.onUsedAddress ? { onUsedAddress: options.onUsedAddress } : {}),
  })
  if (!server.ok) {
    await scope[Symbol.asyncDispose]()
    return server
  }
  scope.add(server.value)
  return ok({
    address: server.value.address,
    origin: server.value.place.origin,
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  })
}

import { resolve } from 'node:path'
import { defaultLibraryFolder } from '../../catalog/index.ts'
import { ok } from '../../kit/index.ts'
import type { Handler } from '../command-line.ts'
import { serve as serveStudio } from '../serve.ts'
import { openBrowser } from '../served/open-browser.ts'

export interface ServeArguments {
  readonly host: string
  readonly port: number
  readonly open: boolean
}

/** The studio in a browser on this machine, until it is interrupted. */
export const serve: Handler<[ServeArguments]> = async ({ console, library, signal }, { host, port, open }) => {
  const tell = (address: string) => {
    console.say(`Espectro is at ${address}`)
    console.event({ type: 'address', address })
  }
  const started = await serveStudio({ library: resolve(library ?? defaultLibraryFolder()), host, port, onUsedAddress: tell })
  if (!started.ok) return started
  await using served = started.value
  const address = served.address()
  tell(address)
  if (open && (await openBrowser(address))) console.say('It opens in your browser. The address works once; Ctrl-C ends Espectro.')
  else console.say('Open this address in a browser on this machine. It works once; Ctrl-C ends Espectro.')
  await new Promise<void>((end) => (signal.aborted ? end() : signal.addEventListener('abort', () => end(), { once: true })))
  return ok({ origin: served.origin })
}

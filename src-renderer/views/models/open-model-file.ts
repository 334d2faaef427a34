import type { Client } from '@/client/connection.ts'
import type { LocalFile } from '@/client/upload.ts'
import { sendFiles } from '@/client/upload.ts'

export type OpenedFile = { readonly kind: 'model'; readonly id: string } | { readonly kind: 'network'; readonly place: string }

/** A model file that lies in a place: our own becomes a model of the library, another one must be declared first. */
export async function openPlacedModel(client: Client, place: string, name: string): Promise<OpenedFile> {
  const { own } = await client.files.inspectModel({ place, name })
  return own ? { kind: 'model', id: (await client.files.openModel({ place, name })).id } : { kind: 'network', place }
}

/** The same for a file of the person's machine, which is sent first. */
export async function openLocalModel(client: Client, file: LocalFile, signal: AbortSignal): Promise<OpenedFile> {
  const { place, upload } = await sendFiles(client, [file], { signal, onProgress: () => undefined })
  const opened = await openPlacedModel(client, place, file.name).catch(async (cause: unknown) => {
    await client.uploads.close({ upload }).catch(() => undefined)
    throw cause
  })
  // A network's file is still needed while it is declared.
  if (opened.kind === 'model') await client.uploads.close({ upload }).catch(() => undefined)
  return opened
}

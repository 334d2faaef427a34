import type { ArchiveEvent } from '@contract'
import type { Client } from '@/client/connection.ts'

export type OpenedArchive = Extract<ArchiveEvent, { type: 'report' }>

/** Makes a dataset of an archive; resolves with what it became. */
export async function openArchive(client: Client, place: string, name: string, onProgress: (progress: { done: number; total: number }) => void): Promise<OpenedArchive> {
  for await (const event of await client.files.openArchive({ place, name })) {
    if (event.type === 'report') return event
    onProgress(event)
  }
  throw new Error('The archive was not opened')
}

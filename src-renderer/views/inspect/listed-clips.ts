import { shallowRef, watch, type ShallowRef } from 'vue'
import type { Clip } from '@contract'
import { useClient } from '@/client/use-client.ts'
import { useLibrary } from '@/stores/library.ts'
import { useToasts } from '@/stores/toasts.ts'

/** The most that a list shows; Review is given all. */
export const LISTED = 500
/** Clips of one request. */
const PAGE = 100

export interface Listing {
  readonly dataset: number
  /** Clips; the first `LISTED` of them are read. */
  readonly ids: readonly number[]
}

/** Clips of a list as they are now, by their id: read again at every change of the library. */
export function useListedClips(listing: () => Listing | null): ShallowRef<ReadonlyMap<number, Clip>> {
  const client = useClient()
  const library = useLibrary()
  const toasts = useToasts()
  const clips = shallowRef<ReadonlyMap<number, Clip>>(new Map())
  let asked = 0
  watch([listing, () => library.revision], async ([wanted]) => {
    const mine = ++asked
    if (wanted === null) return
    try {
      const found = new Map<number, Clip>()
      for (let at = 0; at < Math.min(LISTED, wanted.ids.length); at += PAGE) {
        const page = await client.review.clips({ dataset: wanted.dataset, ids: wanted.ids.slice(at, Math.min(LISTED, at + PAGE)) })
        if (mine !== asked) return
        for (const clip of page) found.set(clip.id, clip)
      }
      clips.value = found
    } catch (cause) {
      if (mine === asked) toasts.error(cause)
    }
  }, { immediate: true })
  return clips
}

import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { Clip } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import type { SideScores } from '@/stores/inspect.ts'
import { useLibrary } from '@/stores/library.ts'
import { createDeck, type Card, type Deck } from '@/views/review/deck.ts'

/** A clip of a cell: its place in the scores, and its row in the library (null while it is on its way, undefined where it is gone). */
export interface CellClip {
  readonly place: number
  readonly id: number
  readonly clip: Clip | null | undefined
}

/** Clips of one cell that are listed; the most surely wrong first. */
export const LISTED = 300
/** Rows of one request. */
const PAGE = 100

export interface CellClips {
  readonly rows: ComputedRef<readonly CellClip[]>
  readonly total: ComputedRef<number>
  readonly card: ShallowRef<Card | null>
  readonly problem: ShallowRef<ShownError | null>
  show(index: number): Promise<void>
}

/** The clips that `places` names, as they are now, and everything that is shown and heard of one of them. */
export function useCellClips(source: () => { readonly scores: SideScores; readonly dataset: number; readonly places: readonly number[] } | null, onShown: (card: Card) => void): CellClips {
  const client = useClient()
  const library = useLibrary()
  const found = shallowRef(new Map<number, Clip>())
  const known = shallowRef(false)
  const card = shallowRef<Card | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  const listed = computed(() => source()?.places.slice(0, LISTED) ?? [])
  const ids = computed(() => {
    const scores = source()?.scores
    return scores ? listed.value.map((place) => scores.id[place]!) : []
  })
  let deck: Deck | null = null
  let stop = new AbortController()
  let wanted = -1

  async function readRows(): Promise<void> {
    const dataset = source()?.dataset
    const mine = ids.value
    if (dataset === undefined || mine.length === 0) return
    try {
      const rows = new Map<number, Clip>()
      for (let from = 0; from < mine.length; from += PAGE)
        for (const clip of await client.review.clips({ dataset, ids: mine.slice(from, from + PAGE) })) rows.set(clip.id, clip)
      if (mine !== ids.value) return
      found.value = rows
      known.value = true
      const now = card.value && rows.get(card.value.clip.id)
      if (card.value && now) card.value = { ...card.value, clip: now }
    } catch (cause) {
      if (!isStopped(cause)) problem.value = shownError(cause)
    }
  }
  watch(ids, (now, before) => {
    if (before && now.join() === before.join()) return
    stop.abort()
    stop = new AbortController()
    card.value = null
    known.value = false
    problem.value = null
    const dataset = source()?.dataset
    deck = dataset === undefined ? null : createDeck(client, dataset, now, stop.signal)
    void readRows()
  }, { immediate: true })
  watch(() => library.revision, () => void readRows())
  onScopeDispose(() => stop.abort())

  return {
    rows: computed(() => listed.value.map((place, i) => {
      const id = ids.value[i]!
      return { place, id, clip: found.value.get(id) ?? (known.value ? undefined : null) }
    })),
    total: computed(() => source()?.places.length ?? 0),
    card, problem,
    async show(index) {
      wanted = index
      problem.value = null
      const mine = deck
      try {
        const made = (await mine?.card(index)) ?? null
        if (mine !== deck || wanted !== index) return
        const now = made && found.value.get(made.clip.id)
        card.value = made && now ? { ...made, clip: now } : made
        if (card.value) onShown(card.value)
      } catch (cause) {
        if (mine === deck && wanted === index && !isStopped(cause)) {
          card.value = null
          problem.value = shownError(cause)
        }
      }
    },
  }
}

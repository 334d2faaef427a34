import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Clip, ClipFilter, ClipSort, Decided, Decision } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { useToasts } from '@/stores/toasts.ts'
import { createDeck, type Card, type Deck } from './deck.ts'
import { decidedAt, perMinute, startPace, takenBack, type Pace } from './pace.ts'

export type Waiting = 'unlabelled' | 'new' | 'all'

/** Milliseconds after which a clip that is still on its way leaves an empty stage. */
const PATIENCE = 150

/** What was done with a place of the queue. */
interface Step {
  readonly index: number
  /** null: skipped. */
  readonly decision: Decision | null
  readonly answer: Promise<Decided | null>
  /** What a model had suggested. */
  readonly suggestion: Clip['suggestion']
}

export interface ReviewSession {
  readonly total: Ref<number | null>
  readonly index: Ref<number>
  readonly card: ShallowRef<Card | null>
  readonly problem: ShallowRef<ShownError | null>
  readonly steps: ShallowRef<readonly Step[]>
  readonly rate: ComputedRef<number | null>
  readonly pace: ShallowRef<Pace>
  readonly finished: ComputedRef<boolean>
  /** The clip of this place is here: a key decides about it. */
  readonly ready: ComputedRef<boolean>
  /** These clips, in this order. */
  startWith(dataset: number, ids: readonly number[]): void
  start(filter: ClipFilter, sort: ClipSort, waiting: Waiting): Promise<void>
  /** The same clips again, those that were skipped. */
  startSkipped(): void
  decide(decision: Decision): void
  skip(): void
  back(): void
  retry(): void
}

/** One pass through a queue of clips. Decisions are sent in order while the next clip is already shown. */
export function useReviewSession(onShown: (card: Card) => void): ReviewSession {
  const client = useClient()
  const toasts = useToasts()
  const total = ref<number | null>(null)
  const index = ref(0)
  const card = shallowRef<Card | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  const steps = shallowRef<readonly Step[]>([])
  const pace = shallowRef(startPace(performance.now()))
  let dataset = 0
  let ids: readonly number[] = []
  let deck: Deck | null = null
  let stop = new AbortController()
  /** Everything sent, one after the other: an undo must meet the decision it takes back. */
  let sent: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = sent.then(work)
    sent = turn.catch(() => null)
    return turn
  }

  async function show(wanted: number): Promise<void> {
    index.value = wanted
    problem.value = null
    if (!deck || wanted >= ids.length) {
      card.value = null
      return
    }
    const mine = deck
    // The last clip stays for a moment: where the next is at hand nothing flashes.
    const late = setTimeout(() => index.value === wanted && (card.value = null), PATIENCE)
    try {
      const found = await mine.card(wanted)
      clearTimeout(late)
      if (mine !== deck || index.value !== wanted) return
      if (found === null) {
        void show(wanted + 1)
        return
      }
      card.value = found
      onShown(found)
    } catch (cause) {
      clearTimeout(late)
      if (mine === deck && index.value === wanted && !isStopped(cause)) {
        card.value = null
        problem.value = shownError(cause)
      }
    }
  }
  function begin(queue: readonly number[]): void {
    stop.abort()
    stop = new AbortController()
    ids = queue
    total.value = queue.length
    steps.value = []
    pace.value = startPace(performance.now())
    deck = createDeck(client, dataset, queue, stop.signal)
    void show(0)
  }
  async function start(filter: ClipFilter, sort: ClipSort, waiting: Waiting): Promise<void> {
    problem.value = null
    try {
      const queue = await client.review.queue({ filter, sort, waiting })
      dataset = filter.dataset
      begin(queue.ids)
    } catch (cause) {
      if (!isStopped(cause)) problem.value = shownError(cause)
    }
  }
  function decide(decision: Decision): void {
    const at = index.value
    const clip = card.value?.clip
    // A key that comes before its clip is here means nothing.
    if (!clip || clip.id !== ids[at]) return
    const answer = inTurn(() => client.review.decide({ dataset, clip: clip.id, decision })).catch((cause: unknown) => {
      if (!isStopped(cause)) toasts.error(cause)
      // What was not kept is not counted: the person is back where it failed.
      steps.value = steps.value.filter((s) => s.index < at)
      deck?.update(clip.id, clip)
      void show(at)
      return null
    })
    deck?.update(clip.id, { ...decision, suggestion: null })
    steps.value = [...steps.value, { index: at, decision, answer, suggestion: clip.suggestion }]
    pace.value = decidedAt(pace.value, performance.now())
    void show(at + 1)
  }
  function skip(): void {
    if (index.value >= ids.length) return
    steps.value = [...steps.value, { index: index.value, decision: null, answer: Promise.resolve(null), suggestion: null }]
    void show(index.value + 1)
  }
  function back(): void {
    const step = steps.value.at(-1)
    if (!step) return
    steps.value = steps.value.slice(0, -1)
    if (step.decision) {
      pace.value = takenBack(pace.value)
      const clip = ids[step.index]!
      inTurn(async () => {
        const decided = await step.answer
        if (!decided) return
        await client.review.takeBack({ dataset, clip, decided })
        const before = { ...decided.before, suggestion: step.suggestion }
        deck?.update(clip, before)
        if (index.value === step.index && card.value?.clip.id === clip) card.value = { ...card.value, clip: { ...card.value.clip, ...before } }
      }).catch((cause: unknown) => toasts.error(cause))
    }
    void show(step.index)
  }
  onScopeDispose(() => stop.abort())

  return {
    startWith(of, wanted) {
      dataset = of
      begin(wanted)
    },
    total, index, card, problem, steps, pace, start, decide, skip, back,
    rate: computed(() => perMinute(pace.value)),
    ready: computed(() => card.value !== null && card.value.clip.id === ids[index.value]),
    finished: computed(() => total.value !== null && index.value >= total.value),
    startSkipped: () => begin(steps.value.filter((s) => s.decision === null).map((s) => ids[s.index]!)),
    retry: () => void show(index.value),
  }
}

import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Curve, QueueState, Run, RunDetail } from '@contract'
import { shownError, type ShownError } from '@/client/call-error.ts'
import { useConnection } from '@/client/use-client.ts'
import { useLibrary } from './library.ts'
import { useRoute } from './route.ts'
import { useTrainMode } from './train-mode.ts'

/** Points of a curve: about two for each pixel column of a chart. */
const POINTS = 900

/** The queue as it changes, the runs, and the run that is looked at: the one of the address, else the newest. */
export const useTraining = defineStore('training', () => {
  const { client, follow } = useConnection()
  const library = useLibrary()
  const route = useRoute()
  const place = useTrainMode()
  const queue = shallowRef<QueueState | null>(null)
  const runs = shallowRef<readonly Run[] | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  const detail = shallowRef<RunDetail | null>(null)
  const curves = shallowRef<readonly Curve[]>([])
  /** The run that `curves` are of. */
  const curvesOf = ref<string | null>(null)

  const chosen = computed(() => (route.current.view === 'train' && place.mode === 'run' && route.current.path[0] !== 'architecture' ? (route.current.path[0] ?? null) : null))
  const shownId = computed(() => chosen.value ?? queue.value?.current?.run ?? runs.value?.[0]?.id ?? null)
  const shown = computed(() => runs.value?.find((r) => r.id === shownId.value) ?? null)
  const live = computed(() => (queue.value?.current?.run === shownId.value ? queue.value?.current ?? null : null))

  follow((signal) => client.training.watch(undefined, { signal }), (state) => (queue.value = state))

  let latest = 0
  async function refresh(): Promise<void> {
    const mine = ++latest
    try {
      const list = await client.runs.list({ dataset: null })
      if (mine !== latest) return
      runs.value = list
      problem.value = null
    } catch (cause) {
      if (mine === latest) problem.value = shownError(cause)
    }
  }
  watch([() => library.revision, () => queue.value?.current?.run, () => queue.value?.waiting.join()], () => void refresh(), { immediate: true })

  /** One request at a time; what came in the meantime is asked for once, afterwards. */
  function oneAtATime(work: () => Promise<void>): () => void {
    let running = false
    let again = false
    return function ask() {
      if (running) {
        again = true
        return
      }
      running = true
      void work()
        .catch((cause: unknown) => (problem.value = shownError(cause)))
        .finally(() => {
          running = false
          if (!again) return
          again = false
          ask()
        })
    }
  }
  const readCurves = oneAtATime(async () => {
    const run = shownId.value
    if (run === null) return
    const answer = await client.runs.curves({ run, points: POINTS, layers: true })
    if (run !== shownId.value) return
    curves.value = answer
    curvesOf.value = run
  })
  const readDetail = oneAtATime(async () => {
    const run = shownId.value
    if (run === null) return
    const answer = await client.runs.get({ run })
    if (run === shownId.value) detail.value = answer
  })
  watch([shownId, () => live.value?.logged, () => shown.value?.status], readCurves, { immediate: true })
  watch([shownId, () => shown.value?.status, () => shown.value?.finishedAt], readDetail, { immediate: true })

  const curve = (name: string): Curve | undefined => (curvesOf.value === shownId.value ? curves.value.find((c) => c.name === name) : undefined)
  return {
    queue, runs, problem, shownId, shown, live, curve, refresh,
    detail: computed(() => (detail.value?.run.id === shownId.value ? detail.value : null)),
    curves: computed(() => (curvesOf.value === shownId.value ? curves.value : [])),
    byId: (id: string): Run | undefined => runs.value?.find((r) => r.id === id),
    look: (run: string | null) => (run === null ? route.go('train') : route.go('train', run)),
  }
})

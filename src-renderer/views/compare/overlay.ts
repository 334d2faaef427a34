import { useThrottleFn, watchDebounced } from '@vueuse/core'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { OverlaidCurve } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { useCompareLayout } from '@/stores/compare-layout.ts'
import { useCompare, type Drawn } from '@/stores/compare.ts'
import { useTraining } from '@/stores/training.ts'

/** Points of all curves of one chart together: a chart has about as many pixel columns, and lines are drawn side by side. */
const POINTS = 8000
const [LEAST, MOST] = [120, 900]
/** Milliseconds between two readings of a curve that grows. */
const LIVE_WAIT = 1000

/** The curves of the chosen runs; while one of them is trained its own are read again. */
export function useOverlay() {
  const client = useClient()
  const compare = useCompare()
  const training = useTraining()
  const { layout } = useCompareLayout()
  /** By the key of what is drawn, then by name. */
  const curves = shallowRef<ReadonlyMap<string, ReadonlyMap<string, OverlaidCurve>>>(new Map())
  const names = shallowRef<readonly string[]>([])
  const problem = shallowRef<ShownError | null>(null)
  const loading = ref(true)

  const request = computed(() => ({
    groups: compare.drawn.map((d) => ({ key: d.key, ids: d.rows.map((r) => r.id) })),
    names: layout.charts, axis: layout.axis, smoothing: layout.smoothing, spread: layout.spread,
  }))
  let asked = 0
  async function read(drawn: readonly Drawn[], fresh: boolean): Promise<void> {
    const mine = fresh ? ++asked : asked
    const { groups: _, ...options } = request.value
    if (drawn.length === 0 || layout.charts.length === 0) {
      curves.value = new Map()
      loading.value = false
      return
    }
    try {
      const points = Math.round(Math.max(LEAST, Math.min(MOST, POINTS / Math.max(1, compare.drawn.length))))
      const answer = await client.compare.curves({ ...options, groups: drawn.map((d) => d.rows.map((r) => r.id)), points })
      if (mine !== asked) return
      const next = new Map(fresh ? [] : curves.value)
      drawn.forEach((d, i) => next.set(d.key, new Map(answer.curves.filter((c) => c.group === i).map((c) => [c.name, c]))))
      curves.value = next
      if (fresh) names.value = answer.names
      problem.value = null
    } catch (cause) {
      if (mine === asked && !isStopped(cause)) problem.value = shownError(cause)
    } finally {
      if (mine === asked) loading.value = false
    }
  }
  // A slider that moves asks once it rests; live values do not change what is asked for.
  watchDebounced(() => JSON.stringify(request.value), () => void read(compare.drawn, true), { debounce: 120, immediate: true })

  const readGrowing = useThrottleFn((grown: readonly string[]) => {
    const drawn = compare.drawn.filter((d) => d.rows.some((r) => grown.includes(r.id)))
    if (drawn.length > 0) void read(drawn, false)
  }, LIVE_WAIT, true)
  watch(() => training.queue?.current?.logged, () => {
    const run = training.queue?.current?.run
    if (run !== undefined) void readGrowing([run])
  })
  watch(() => compare.beat, () => void readGrowing(compare.trainedElsewhere))
  // What has just ended has its last points.
  watch(() => compare.table, () => void readGrowing(compare.chosenRows.filter((r) => r.run.status !== 'finished' || Date.now() - Date.parse(r.run.finishedAt ?? '') < 10_000).map((r) => r.id)))
  onScopeDispose(() => void asked++)
  return { curves, names, problem, loading }
}

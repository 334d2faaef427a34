import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { previewUrl, type Run, type RunDetail, type Scores } from '@contract'
import { shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { useLibrary } from './library.ts'
import { useRoute } from './route.ts'
import { useTraining } from './training.ts'

export type Side = 'validation' | 'test'

/** What a run said of every clip of a side. */
export interface SideScores extends Omit<Scores, 'probabilities'> {
  readonly run: string
  readonly side: Side
  /** [clip, label] */
  readonly probabilities: Float32Array
}

/** The run that is looked into: the one of the address, else the newest with a result; and the side of its split. */
export const useInspect = defineStore('inspect', () => {
  const client = useClient()
  const library = useLibrary()
  const route = useRoute()
  const training = useTraining()
  const wanted = ref<Side>('validation')
  const detail = shallowRef<RunDetail | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  const scores = shallowRef<SideScores | null>(null)

  const shown = computed(() => route.current.view === 'inspect')
  const hasResult = (r: Run): boolean => r.summary.validationMacroF1 !== null || r.summary.testMacroF1 !== null || r.status === 'finished'
  const runs = computed(() => training.runs?.filter(hasResult) ?? null)
  const runId = computed(() => (shown.value ? (route.current.path[0] ?? runs.value?.[0]?.id ?? null) : null))
  const run = computed(() => training.runs?.find((r) => r.id === runId.value) ?? null)
  const tab = computed(() => (shown.value ? (route.current.path[1] ?? null) : null))
  /** What of the tab: the rest of the address. */
  const place = computed(() => (shown.value ? route.current.path.slice(2) : []))

  const shownDetail = computed(() => (detail.value?.run.id === runId.value ? detail.value : null))
  const sides = computed<readonly Side[]>(() => (['validation', 'test'] as const).filter((s) => shownDetail.value?.[s]))
  const side = computed<Side>(() => (sides.value.includes(wanted.value) ? wanted.value : (sides.value[0] ?? wanted.value)))
  const evaluation = computed(() => shownDetail.value?.[side.value] ?? null)
  const shownScores = computed(() => (scores.value?.run === runId.value && scores.value.side === side.value ? scores.value : null))

  let latest = 0
  async function read(): Promise<void> {
    const id = runId.value
    const mine = ++latest
    problem.value = null
    if (id === null) return
    try {
      const found = await client.runs.get({ run: id })
      if (mine === latest) detail.value = found
    } catch (cause) {
      if (mine === latest) problem.value = shownError(cause)
    }
  }
  watch([runId, () => run.value?.status, () => run.value?.finishedAt], () => void read(), { immediate: true })
  // Labels, colours and keys are those of the run's dataset.
  watch(() => shownDetail.value?.run.dataset, (dataset) => {
    if (dataset != null && dataset !== library.chosen && library.datasets?.some((d) => d.id === dataset)) library.chosen = dataset
  })

  let asked = 0
  async function readScores(): Promise<void> {
    const id = runId.value
    if (id === null || evaluation.value === null) return
    const mine = ++asked
    const of = side.value
    try {
      const { probabilities, ...columns } = await client.inspection.scores({ run: id, split: of })
      const response = await fetch(previewUrl(probabilities))
      if (!response.ok) throw new Error((await response.text()).trim())
      const matrix = new Float32Array(await response.arrayBuffer())
      if (mine === asked) scores.value = { ...columns, probabilities: matrix, run: id, side: of }
    } catch (cause) {
      if (mine === asked) problem.value = shownError(cause)
    }
  }
  watch([evaluation, side], () => void readScores(), { immediate: true })

  return {
    runs, runId, run, tab, place, detail: shownDetail, problem, sides, side, evaluation, scores: shownScores,
    /** After a problem. */
    read: async () => {
      await read()
      await readScores()
    },
    look: (to: Side) => (wanted.value = to),
    /** Another tab of the run that is looked at, or a place in it. */
    go: (to: string, ...rest: (string | number)[]) => route.go('inspect', runId.value ?? '', to, ...rest),
    choose: (id: string) => route.go('inspect', id, tab.value ?? 'confusion'),
  }
})

import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { ExperimentCurve, ExperimentDetail, ExperimentDifference, ExperimentRow } from '@contract'
import { shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { useLibrary } from './library.ts'
import { useTrainMode } from './train-mode.ts'
import { useTraining } from './training.ts'

/** Experiments and searches, and the one that is looked at, as it goes. */
export const useExperiments = defineStore('experiments', () => {
  const client = useClient()
  const library = useLibrary()
  const training = useTraining()
  const place = useTrainMode()
  const list = shallowRef<readonly ExperimentRow[] | null>(null)
  const read = shallowRef<ExperimentDetail | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  const curves = shallowRef<{ readonly id: string; readonly accuracy: readonly ExperimentCurve[]; readonly loss: readonly ExperimentCurve[] } | null>(null)
  const differences = shallowRef<readonly ExperimentDifference[] | null>(null)
  const compareProblem = shallowRef<ShownError | null>(null)
  /** The condition that the others are held against; the chosen one unless told. */
  const reference = ref<number | null>(null)
  const side = ref<'validation' | 'test'>('validation')

  const detail = computed(() => (read.value?.id === place.id ? read.value : null))
  const against = computed(() => reference.value ?? detail.value?.chosen?.condition ?? null)

  /** One reading at a time; what changed in the meantime is read once, afterwards. */
  let reading = false
  let again = false
  async function refresh(): Promise<void> {
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      const id = place.id
      const [rows, found, accuracy, loss] = await Promise.all([
        client.experiments.list(),
        id === null ? null : client.experiments.get({ experiment: id }),
        id === null ? [] : client.experiments.curves({ experiment: id, measure: 'accuracy' }),
        id === null ? [] : client.experiments.curves({ experiment: id, measure: 'loss' }),
      ])
      list.value = rows
      if (id === place.id) {
        read.value = found
        curves.value = id === null ? null : { id, accuracy, loss }
      }
      problem.value = null
    } catch (cause) {
      problem.value = shownError(cause)
    } finally {
      reading = false
      if (again) {
        again = false
        void refresh()
      }
    }
  }
  watch([() => place.mode, () => place.id, () => library.revision, () => training.queue?.current?.run, () => training.queue?.current?.epoch?.epoch, () => training.queue?.held], () => {
    if (place.mode !== 'run') void refresh()
  }, { immediate: true })
  watch(() => place.id, () => {
    reference.value = null
    side.value = 'validation'
    differences.value = null
  })

  watch([() => detail.value?.id, () => detail.value?.progress, against, side], async () => {
    const now = detail.value
    if (!now || now.progress !== 'finished' || against.value === null || now.conditions.length < 2 || now.kind !== 'experiment') return
    const [experiment, condition, split] = [now.id, against.value, side.value]
    try {
      const found = await client.experiments.compare({ experiment, reference: condition, split })
      if (detail.value?.id !== experiment || against.value !== condition || side.value !== split) return
      differences.value = found
      compareProblem.value = null
    } catch (cause) {
      differences.value = null
      compareProblem.value = shownError(cause)
    }
  })

  return {
    list, detail, problem, differences, compareProblem, reference, against, side, refresh,
    curves: computed(() => (curves.value?.id === place.id ? curves.value : null)),
  }
})

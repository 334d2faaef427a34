import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useRoute } from './route.ts'

/** What the Train view is about: one run, a comparison of several, or a search. In the address: `#/train/search/<id>`. */
export const TRAIN_MODES = ['run', 'experiment', 'search'] as const
export type TrainMode = (typeof TRAIN_MODES)[number]

export const useTrainMode = defineStore('trainMode', () => {
  const route = useRoute()
  const path = computed(() => (route.current.view === 'train' ? route.current.path : []))
  const mode = computed<TrainMode>(() => (path.value[0] === 'experiment' || path.value[0] === 'search' ? path.value[0] : 'run'))
  return {
    mode,
    /** The experiment or search that is looked at; null where a new one is planned. */
    id: computed(() => (mode.value === 'run' ? null : (path.value[1] ?? null))),
    go: (to: TrainMode, id?: string) => route.go('train', ...(to === 'run' ? [] : [to]), ...(id === undefined ? [] : [id])),
  }
})

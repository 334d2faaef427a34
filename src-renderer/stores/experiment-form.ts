import { useLocalStorage, watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { NUMERIC_EXPERIMENT_FIELDS, type ExperimentAxis, type ExperimentMeasure, type ExperimentMethod, type ExperimentPlan, type ExperimentRequest, type NumericExperimentField, type TimeEstimate } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { useLibrary } from './library.ts'
import { useTrainMode } from './train-mode.ts'
import { useTraining } from './training.ts'
import { useTrainingForm } from './training-form.ts'

/** Settings with named values, in the order of the form. */
export const CHOICE_FIELDS = ['architecture', 'frontEnd', 'augment', 'optimizer'] as const
export type ChoiceField = (typeof CHOICE_FIELDS)[number]

export interface RangeChoice {
  on: boolean
  low: number
  high: number
  logarithmic: boolean
  points: number
}
/** Ranges that a search may start from; rates and decays are spread by equal ratios. */
const RANGES: Readonly<Record<NumericExperimentField, RangeChoice>> = {
  rate: { on: true, low: 0.0003, high: 0.03, logarithmic: true, points: 4 },
  weightDecay: { on: false, low: 0.0001, high: 0.1, logarithmic: true, points: 3 },
  batch: { on: false, low: 16, high: 128, logarithmic: true, points: 4 },
  epochs: { on: false, low: 10, high: 60, logarithmic: false, points: 3 },
  dropout: { on: false, low: 0, high: 0.6, logarithmic: false, points: 4 },
  labelSmoothing: { on: false, low: 0, high: 0.2, logarithmic: false, points: 3 },
  clipNorm: { on: false, low: 0.5, high: 5, logarithmic: true, points: 3 },
}
const OPTIMIZERS = {
  adamw: { type: 'adamw', weightDecay: 0.01 },
  adam: { type: 'adam' },
  sgd: { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 },
} as const
/** Of an experiment until the person chooses: two networks of the literature, without and with augmentation. */
const START = { architectures: ['lenet5', 'alexnet-small'], policies: ['none', 'speakers'] }

/** What an experiment or a search is to compare; what its trainings share is the training form's. */
export const useExperimentForm = defineStore('experimentForm', () => {
  const client = useClient()
  const library = useLibrary()
  const training = useTraining()
  const form = useTrainingForm()
  const place = useTrainMode()

  const architectures = useLocalStorage<string[]>('espectro.experiment.architectures', START.architectures)
  const policies = useLocalStorage<string[]>('espectro.experiment.policies', START.policies)
  /** Empty: each network has the one that suits it. */
  const frontEnd = useLocalStorage('espectro.experiment.frontEnd', '')
  const seeds = useLocalStorage<number>('espectro.experiment.seeds', 3)
  const measure = useLocalStorage<ExperimentMeasure>('espectro.experiment.measure', 'accuracy')
  const test = useLocalStorage<'all' | 'best' | 'none'>('espectro.experiment.test', 'all')

  const method = useLocalStorage<'random' | 'grid' | 'halving'>('espectro.search.method', 'random')
  const trials = useLocalStorage<number>('espectro.search.trials', 20)
  const searchSeed = useLocalStorage<number>('espectro.search.seed', 0)
  const factor = useLocalStorage<number>('espectro.search.factor', 3)
  const fewestEpochs = useLocalStorage<number>('espectro.search.fewestEpochs', 3)
  const searchTest = useLocalStorage('espectro.search.test', true)
  const ranges = useLocalStorage<Record<NumericExperimentField, RangeChoice>>('espectro.search.ranges', JSON.parse(JSON.stringify(RANGES)), { mergeDefaults: true })
  const varied = useLocalStorage<Record<ChoiceField, string[]>>('espectro.search.varied', { architecture: [], frontEnd: [], augment: [], optimizer: [] }, { mergeDefaults: true })

  const name = ref('')
  const planned = shallowRef<{ readonly plan: ExperimentPlan; readonly axes: readonly ExperimentAxis[] } | null>(null)
  const plan = computed(() => planned.value?.plan ?? null)
  const estimate = shallowRef<TimeEstimate | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  const starting = ref(false)

  /** What there is to choose from, by name. */
  const names = computed<Record<ChoiceField, readonly string[]>>(() => ({
    architecture: form.choices?.architectures.map((a) => a.name) ?? [],
    frontEnd: form.choices?.frontEnds.map((f) => f.name) ?? [],
    augment: form.choices?.policies.map((p) => p.name) ?? [],
    optimizer: Object.keys(OPTIMIZERS),
  }))

  type Option = Extract<ExperimentAxis, { options: unknown }>['options'][number]
  const json = <T>(value: T): Option['value'] => JSON.parse(JSON.stringify(value)) as Option['value']
  function optionsOf(field: ChoiceField, wanted: readonly string[], sameFrontEnd: boolean): Option[] {
    const { choices } = form
    if (!choices) return []
    const found = names.value[field].filter((n) => wanted.includes(n))
    const value: { readonly [F in ChoiceField]: (name: string) => unknown } = {
      architecture: (n) => {
        const { spec, frontEnd: suited } = choices.architectures.find((a) => a.name === n)!
        return { architecture: spec, frontEnd: sameFrontEnd ? null : (choices.frontEnds.find((f) => f.name === suited)?.config ?? null) }
      },
      frontEnd: (n) => choices.frontEnds.find((f) => f.name === n)!.config,
      augment: (n) => choices.policies.find((p) => p.name === n)!.policy,
      optimizer: (n) => ({ optimizer: OPTIMIZERS[n as keyof typeof OPTIMIZERS], rate: choices.rates[n] ?? null }),
    }
    return found.map((n) => ({ name: n, value: json(value[field](n)) }))
  }

  const base = computed(() => {
    if (!form.settings || !form.choices) return null
    const settings = JSON.parse(JSON.stringify(form.settings)) as NonNullable<typeof form.settings>
    const shared = place.mode === 'experiment' ? form.choices.frontEnds.find((f) => f.name === frontEnd.value) : undefined
    return shared ? { ...settings, frontEnd: shared.config } : settings
  })
  const axes = computed<ExperimentAxis[]>(() => {
    const choice = (field: ChoiceField, wanted: readonly string[], same: boolean): ExperimentAxis[] => {
      const options = optionsOf(field, wanted, same)
      return options.length === 0 ? [] : [{ field, options }]
    }
    if (place.mode === 'experiment') return [...choice('architecture', architectures.value, frontEnd.value !== ''), ...choice('augment', policies.value, false)]
    const own = CHOICE_FIELDS.flatMap((field) => choice(field, varied.value[field], varied.value.frontEnd.length > 0))
    const numbers = NUMERIC_EXPERIMENT_FIELDS.filter((field) => ranges.value[field].on && !(field === 'epochs' && method.value === 'halving'))
    return [...own, ...numbers.map((field): ExperimentAxis => {
      const { low, high, logarithmic, points } = ranges.value[field]
      return { field, low, high, logarithmic, points }
    })]
  })
  const wantedMethod = computed<ExperimentMethod>(() => {
    const first = form.settings?.seed ?? 0
    if (place.mode === 'experiment') return { type: 'factorial', seeds: Array.from({ length: Math.min(50, Math.max(1, Math.round(seeds.value))) }, (_, i) => first + i) }
    if (method.value === 'grid') return { type: 'grid' }
    const drawn = { trials: Math.min(500, Math.max(2, Math.round(trials.value))), seed: Math.max(0, Math.round(searchSeed.value)) }
    return method.value === 'random' ? { type: 'random', ...drawn } : { type: 'halving', ...drawn, factor: Math.min(10, Math.max(2, Math.round(factor.value))), fewestEpochs: Math.max(1, Math.round(fewestEpochs.value)) }
  })
  const request = computed<ExperimentRequest | null>(() =>
    base.value === null || axes.value.length === 0
      ? null
      : { base: base.value, axes: axes.value, method: wantedMethod.value, measure: measure.value, test: place.mode === 'experiment' ? test.value : searchTest.value ? 'best' : 'none', device: form.device, threads: form.threads },
  )
  const planning = computed(() => place.mode !== 'run')

  let asked = 0
  watchDebounced([request, () => library.chosen, () => library.revision, planning], async () => {
    const [dataset, wanted] = [library.chosen, request.value]
    const mine = ++asked
    if (dataset === null || wanted === null || !planning.value) {
      planned.value = null
      return
    }
    try {
      const found = await client.experiments.plan({ dataset, request: wanted })
      if (mine !== asked) return
      planned.value = { plan: found, axes: wanted.axes }
      problem.value = null
    } catch (cause) {
      if (mine === asked && !isStopped(cause)) problem.value = shownError(cause)
    }
  }, { deep: true, debounce: 150, maxWait: 600, immediate: true })

  const errors = computed(() => (plan.value ? [...plan.value.problems, ...plan.value.conditions.flatMap((c) => c.problems)].filter((p) => p.level === 'error') : []))
  const canStart = computed(() => planned.value !== null && request.value !== null && planning.value && errors.value.length === 0 && !starting.value)

  let stop = new AbortController()
  watch(request, () => {
    stop.abort()
    estimate.value = null
  })
  // Another kind of plan, or another dataset, is none until it is made.
  watch([() => place.mode, () => library.chosen], () => (planned.value = null))
  /** Steps of each network are tried when the choosing pauses and nothing is being trained. */
  watchDebounced([plan, () => place.id, () => training.queue?.current === null], async () => {
    stop.abort()
    estimate.value = null
    const [dataset, wanted] = [library.chosen, request.value]
    if (dataset === null || wanted === null || !canStart.value || place.id !== null || training.queue?.current !== null) return
    const mine = new AbortController()
    stop = mine
    try {
      for await (const step of await client.experiments.estimate({ dataset, request: wanted }, { signal: mine.signal })) {
        if (mine.signal.aborted) return
        estimate.value = step
      }
    } catch {
      // Without an estimate the form works as well.
      if (!mine.signal.aborted) estimate.value = null
    }
  }, { debounce: 800 })

  async function start(fallback: string): Promise<string | null> {
    const [dataset, wanted] = [library.chosen, request.value]
    if (dataset === null || wanted === null || !canStart.value) return null
    starting.value = true
    stop.abort()
    try {
      const { experiment } = await client.experiments.start({ dataset, request: wanted, name: name.value.trim() === '' ? fallback : name.value })
      name.value = ''
      return experiment
    } finally {
      starting.value = false
    }
  }

  return {
    architectures, policies, frontEnd, seeds, measure, test, method, trials, searchSeed, factor, fewestEpochs, searchTest, ranges, varied, name,
    names, request, plan, planned, estimate, problem, errors, canStart, starting, start,
  }
})

import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Device, Devices, JsonObject, PlanProblem, RunSettings, TrainingChoices, TrainingEstimate, TrainingPlan } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { useLibrary } from './library.ts'
import { useTraining } from './training.ts'

type Fitted = Awaited<ReturnType<ReturnType<typeof useClient>['augmentation']['fitted']>>
interface Kept {
  readonly settings: RunSettings
  readonly device: Device
  readonly threads: number | null
  readonly test: boolean
}
const keptKey = (dataset: number): string => `espectro.training.${dataset}`

/** What is to be trained next: the settings as typed, what is wrong with them, and what they will take. */
export const useTrainingForm = defineStore('trainingForm', () => {
  const client = useClient()
  const library = useLibrary()
  const training = useTraining()
  const choices = shallowRef<TrainingChoices | null>(null)
  const devices = shallowRef<Devices | null>(null)
  const settings = ref<RunSettings | null>(null)
  const device = ref<Device>('auto')
  const threads = ref<number | null>(null)
  /** Whether the test clips are evaluated at the end. */
  const test = ref(true)
  const name = ref('')
  const plan = shallowRef<TrainingPlan | null>(null)
  const estimate = shallowRef<TrainingEstimate | null>(null)
  const estimating = ref(false)
  const problem = shallowRef<ShownError | null>(null)
  const starting = ref(false)

  const errors = computed(() => plan.value?.problems.filter((p) => p.level === 'error') ?? [])
  const canStart = computed(() => library.chosen !== null && settings.value !== null && plan.value !== null && errors.value.length === 0 && !starting.value)
  const problemsOf = (field: string): readonly PlanProblem[] => plan.value?.problems.filter((p) => p.field === field) ?? []

  watch(() => library.chosen, () => void open(), { immediate: true })
  /** The first look at a dataset starts from what suits it; later ones from what was left there. */
  async function open(): Promise<void> {
    const dataset = library.chosen
    plan.value = null
    estimate.value = null
    if (dataset === null) return
    try {
      const found = await client.training.choices({ dataset })
      if (dataset !== library.chosen) return
      choices.value = found
      problem.value = null
      const kept = readKept(dataset)
      settings.value = kept?.settings ?? clone(found.settings)
      device.value = kept?.device ?? 'auto'
      threads.value = kept?.threads ?? null
      test.value = kept?.test ?? true
    } catch (cause) {
      problem.value = shownError(cause)
    }
  }
  /** What can be chosen comes and goes: by saving, by undo, in other windows. */
  async function refreshChoices(): Promise<void> {
    const dataset = library.chosen
    if (dataset === null || choices.value === null) return
    try {
      const found = await client.training.choices({ dataset })
      if (dataset === library.chosen) choices.value = found
    } catch (cause) {
      if (!isStopped(cause)) problem.value = shownError(cause)
    }
  }
  watch(() => library.revision, () => void refreshChoices())
  async function loadDevices(): Promise<void> {
    try {
      devices.value ??= await client.training.devices()
    } catch (cause) {
      problem.value = shownError(cause)
    }
  }

  let asked = 0
  watchDebounced([settings, () => library.revision], async () => {
    const [dataset, wanted] = [library.chosen, settings.value]
    if (dataset === null || wanted === null) return
    const mine = ++asked
    try {
      const found = await client.training.plan({ dataset, settings: wanted })
      if (mine === asked) plan.value = found
    } catch (cause) {
      if (mine === asked && !isStopped(cause)) problem.value = shownError(cause)
    }
    localStorage.setItem(keptKey(dataset), JSON.stringify({ settings: wanted, device: device.value, threads: threads.value, test: test.value } satisfies Kept))
  }, { deep: true, debounce: 120, maxWait: 500, immediate: true })

  watch(settings, () => (estimate.value = null), { deep: true })
  let stop = new AbortController()
  /** Steps are tried when the typing pauses and nothing is being trained. */
  watchDebounced([plan, device, threads, () => training.queue?.current === null], async () => {
    stop.abort()
    estimate.value = null
    const [dataset, wanted] = [library.chosen, settings.value]
    if (dataset === null || wanted === null || plan.value === null || errors.value.length > 0 || training.queue?.current !== null) return
    const mine = new AbortController()
    stop = mine
    estimating.value = true
    try {
      const found = await client.training.estimate({ dataset, settings: wanted, device: device.value, threads: threads.value }, { signal: mine.signal })
      if (!mine.signal.aborted) estimate.value = found
    } catch {
      // Without an estimate the form works as well.
    } finally {
      if (stop === mine) estimating.value = false
    }
  }, { debounce: 600 })

  /** What was chosen by its name, where it is still that. */
  const nameOf = <T extends { readonly name: string }>(list: readonly T[], value: (item: T) => JsonObject, now: JsonObject | undefined): string =>
    list.find((item) => canonical(value(item)) === canonical(now))?.name ?? ''

  function chooseArchitecture(wanted: string): void {
    const found = choices.value?.architectures.find((a) => a.name === wanted)
    if (!found || !settings.value) return
    const fitted = frontEndName.value !== ''
    settings.value.architecture = clone(found.spec)
    // A front end that the person made is theirs; a named one follows the network.
    if (fitted) chooseFrontEnd(found.frontEnd)
  }
  function useArchitecture(spec: JsonObject): void {
    if (settings.value) settings.value.architecture = clone(spec)
  }
  /** Policies as they are for the features of the front end; those of Espectro follow its size. */
  const fitted = shallowRef<Fitted | null>(null)
  const policies = computed(() => fitted.value?.policies ?? [])
  const policyName = computed(() => nameOf(policies.value, (p) => p.policy as unknown as JsonObject, settings.value?.augment))
  function choosePolicy(wanted: string): void {
    const found = policies.value.find((p) => p.name === wanted)
    if (found && settings.value) settings.value.augment = clone(found.policy) as unknown as JsonObject
  }
  let fitting = 0
  watchDebounced([() => JSON.stringify(settings.value?.frontEnd), () => library.revision], async () => {
    const frontEnd = settings.value?.frontEnd
    if (!frontEnd) return
    const mine = ++fitting
    try {
      const found = await client.augmentation.fitted({ frontEnd })
      if (mine !== fitting) return
      const named = policyName.value
      const resized = fitted.value?.shape.join() !== found.shape.join()
      fitted.value = found
      if (resized && named !== '') choosePolicy(named)
    } catch {
      // What is wrong with the front end, the plan says.
    }
  }, { debounce: 120, immediate: true })
  function chooseFrontEnd(wanted: string): void {
    const found = choices.value?.frontEnds.find((f) => f.name === wanted)
    if (found && settings.value) settings.value.frontEnd = clone(found.config)
  }
  const frontEndName = computed(() => nameOf(choices.value?.frontEnds ?? [], (f) => f.config, settings.value?.frontEnd))
  const architectureName = computed(() => String(settings.value?.architecture['name'] ?? ''))

  async function start(): Promise<string | null> {
    const [dataset, wanted] = [library.chosen, settings.value]
    if (dataset === null || wanted === null || !canStart.value) return null
    starting.value = true
    stop.abort()
    try {
      const { run } = await client.training.start({
        dataset, settings: wanted, device: device.value, threads: threads.value, name: name.value.trim() === '' ? null : name.value, test: test.value,
      })
      name.value = ''
      return run
    } finally {
      starting.value = false
    }
  }
  /** The settings of a run, to change something and train again. */
  async function copy(run: string): Promise<void> {
    const found = await client.runs.get({ run })
    if (found.run.dataset !== null && found.run.dataset !== library.chosen) library.chosen = found.run.dataset
    if (!found.settings) return
    settings.value = clone(found.settings)
    device.value = found.run.config?.device ?? 'auto'
    threads.value = found.run.config?.threads ?? null
  }
  function reset(): void {
    if (choices.value) settings.value = clone(choices.value.settings)
    device.value = 'auto'
    threads.value = null
  }

  return {
    choices, devices, settings, device, threads, test, name, plan, estimate, estimating, problem, starting, errors, canStart,
    frontEndName, architectureName, problemsOf, nameOf, chooseArchitecture, useArchitecture, policies, policyName, choosePolicy, chooseFrontEnd, loadDevices, start, copy, reset, open, refreshChoices,
  }
})

/** Equal for equal settings, in whatever order they were written. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'object' && v !== null && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) : v)) ?? ''
const clone = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

function readKept(dataset: number): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(keptKey(dataset)) ?? 'null') as Kept | null
    return kept && typeof kept.settings === 'object' && typeof kept.settings.frontEnd === 'object' ? kept : null
  } catch {
    return null
  }
}

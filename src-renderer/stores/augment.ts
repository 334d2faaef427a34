import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { previewUrl, type Policy, type Seen, type StepKind, type NamedPolicy } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { draftSteps, newStep, placeFor, type DraftStep } from '@/views/augment/settings.ts'
import { useLibrary } from './library.ts'
import { useToasts } from './toasts.ts'

export interface ShownDraw extends Omit<Seen, 'features'> {
  readonly features: Float32Array
}
export interface ShownPreview {
  /** [channels, height, width] */
  readonly shape: readonly [number, number, number]
  readonly before: ShownDraw
  readonly draws: readonly ShownDraw[]
}

const DRAWS = 4

/** The policy that is being tried, and what it makes of the clip that is looked at. */
export const useAugment = defineStore('augment', () => {
  const client = useClient()
  const library = useLibrary()
  const toasts = useToasts()
  const policies = shallowRef<readonly NamedPolicy[]>([])
  const kinds = shallowRef<readonly StepKind[]>([])
  const frontEnds = shallowRef<readonly string[]>([])
  const frontEnd = ref('')
  const name = ref('')
  const steps = shallowRef<readonly DraftStep[]>([])
  const seed = ref(0)
  const draw = ref(0)
  const shown = shallowRef<ShownPreview | null>(null)
  /** The steps that `shown` was made with, by their ids. */
  const sent = shallowRef<readonly number[]>([])
  const problem = shallowRef<ShownError | null>(null)
  const busy = ref(false)

  const chosen = computed(() => policies.value.find((p) => p.name === name.value))
  const active = computed(() => steps.value.filter((s) => s.on))
  const policy = computed<Policy>(() => {
    const renewEvery = chosen.value?.policy.renewEvery
    return { version: 1, ...(renewEvery === undefined ? {} : { renewEvery }), steps: active.value.map((s) => s.step) }
  })
  const changed = computed(() => JSON.stringify(policy.value.steps) !== JSON.stringify(chosen.value?.policy.steps))
  /** Changes whenever there is something else to look at. */
  const request = computed(() => (frontEnd.value === '' ? '' : JSON.stringify([frontEnd.value, seed.value, policy.value])))

  const choose = (wanted: string): void => {
    name.value = wanted
    steps.value = chosen.value ? draftSteps(chosen.value.policy) : []
  }

  async function load(): Promise<void> {
    try {
      const known = await client.augmentation.policies()
      const untouched = name.value === '' || !changed.value
      policies.value = known.policies
      kinds.value = known.steps
      frontEnds.value = known.frontEnds
      if (frontEnd.value === '') frontEnd.value = known.frontEnd
      if (!chosen.value) choose(known.standard)
      else if (untouched && changed.value) choose(name.value)
    } catch (cause) {
      if (!isStopped(cause)) problem.value = shownError(cause)
    }
  }
  // Policies come and go by undo, and in other windows.
  watch(() => library.revision, () => void load(), { immediate: true })

  let latest = 0
  async function look(clip: number): Promise<void> {
    if (request.value === '') return
    const mine = ++latest
    const ids = active.value.map((s) => s.id)
    busy.value = true
    try {
      const { shape, before, draws } = await client.augmentation.preview({ clip, frontEnd: frontEnd.value, policy: policy.value, seed: seed.value, draws: DRAWS })
      const [plain, ...varied] = await Promise.all([before, ...draws].map(fetchDraw))
      if (mine !== latest) return
      shown.value = { shape, before: plain!, draws: varied }
      sent.value = ids
      problem.value = null
    } catch (cause) {
      if (mine === latest && !isStopped(cause)) problem.value = shownError(cause)
    } finally {
      if (mine === latest) busy.value = false
    }
  }

  const change = (place: number, draft: DraftStep): void => {
    steps.value = steps.value.with(place, draft)
  }
  const remove = (place: number): void => {
    steps.value = steps.value.toSpliced(place, 1)
  }
  const add = (type: string): void => {
    const kind = kinds.value.find((k) => k.type === type)
    if (kind) steps.value = steps.value.toSpliced(placeFor(steps.value, kind, kinds.value), 0, newStep(kind))
  }
  const reroll = (): void => {
    seed.value = (seed.value + 1) % 1_000_000
  }
  watch(seed, (now) => {
    if (!Number.isInteger(now) || now < 0) seed.value = 0
  })

  /** A policy from elsewhere, to try on clips: as a change of the one of that name, else of the one that is tried. */
  function take(wanted: Policy, named: string, through: string): void {
    if (policies.value.some((p) => p.name === named)) name.value = named
    steps.value = draftSteps(wanted)
    if (frontEnds.value.includes(through)) frontEnd.value = through
  }
  /** True where it is saved. */
  async function save(wanted: string, other?: Policy): Promise<boolean> {
    try {
      await client.augmentation.save({ name: wanted, policy: other ?? policy.value })
      await load()
      if (!other) name.value = wanted
      return true
    } catch (cause) {
      toasts.error(cause)
      return false
    }
  }
  async function removeChosen(): Promise<void> {
    try {
      await client.augmentation.remove({ name: name.value })
    } catch (cause) {
      toasts.error(cause)
    }
  }

  return {
    policies, kinds, frontEnds, frontEnd, name, steps, seed, draw, drawCount: DRAWS, shown, sent, problem, busy, chosen, changed, request,
    choose, take, look, change, remove, add, reroll, save, removeChosen,
  }
})

async function fetchDraw({ features, ...rest }: Seen): Promise<ShownDraw> {
  const response = await fetch(previewUrl(features))
  if (!response.ok) throw new Error(await response.text())
  return { ...rest, features: new Float32Array(await response.arrayBuffer()) }
}

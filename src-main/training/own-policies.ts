/** Augmentation policies of the library beside those that come with Espectro. Saving and removing can be undone. */
import { AUGMENT_POLICIES, fitPolicy, parsePolicy, type AugmentPolicy, type AugmentPolicyName } from '../augment/index.ts'
import { deletePolicyRow, listPolicyRows, savePolicyRow, type Library } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'

export interface NamedPolicy {
  readonly name: string
  /** The person's own. */
  readonly own: boolean
  readonly policy: AugmentPolicy
}

/** Those that come with Espectro first. One of a newer Espectro, which this one cannot read, is left out. */
export function listPolicies({ catalog }: Library): NamedPolicy[] {
  const own = listPolicyRows(catalog).flatMap(({ name, policy }) => {
    const parsed = parsePolicy(JSON.parse(policy))
    return parsed.ok ? [{ name, own: true, policy: parsed.value }] : []
  })
  return [...Object.entries(AUGMENT_POLICIES).map(([name, policy]) => ({ name, own: false, policy })), ...own]
}

export interface FittedPolicy extends NamedPolicy {
  /** Whether it is another than for 64 bands and 64 frames. */
  readonly scaled: boolean
}

/** The same, with those of Espectro scaled to features of [channel, height, width]. */
export const fittedPolicies = (library: Library, [, bands, frames]: readonly [number, number, number]): FittedPolicy[] =>
  listPolicies(library).map((named) => {
    if (named.own) return { ...named, scaled: false }
    const policy = fitPolicy(named.name as AugmentPolicyName, { bands, frames })
    return { ...named, policy, scaled: JSON.stringify(policy) !== JSON.stringify(named.policy) }
  })

export function savePolicy(library: Library, name: string, value: unknown): Result<void> {
  if (Object.hasOwn(AUGMENT_POLICIES, name)) return fail('ALREADY_EXISTS', `The policy "${name}" comes with Espectro and stays as it is`, { hint: 'Choose another name.' })
  const policy = parsePolicy(value)
  if (!policy.ok) return policy
  return library.catalog.transact('save augmentation policy', (catalog) => {
    savePolicyRow(catalog, { name, policy: JSON.stringify(policy.value) })
    return ok(undefined)
  })
}

export const removePolicy = (library: Library, name: string): Result<void> =>
  library.catalog.transact('remove augmentation policy', (catalog) =>
    deletePolicyRow(catalog, name) ? ok(undefined) : fail('NOT_FOUND', `There is no augmentation policy "${name}" of your own`),
  )

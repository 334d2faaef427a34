import { computed, type WritableComputedRef } from 'vue'
import type { JsonObject } from '@contract'

/** A number inside plain JSON settings, by its path. Where the path is not there, null, and writing does nothing. */
export function numberAt(root: () => JsonObject | undefined, path: readonly string[]): WritableComputedRef<number | null> {
  const holder = (): JsonObject | undefined => path.slice(0, -1).reduce<JsonObject | undefined>((at, key) => at?.[key] as JsonObject | undefined, root())
  const last = path.at(-1)!
  return computed({
    get: () => {
      const value = holder()?.[last]
      return typeof value === 'number' ? value : null
    },
    set: (value) => {
      const at = holder()
      if (at) at[last] = value
    },
  })
}

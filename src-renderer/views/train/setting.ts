import { computed, type WritableComputedRef } from 'vue'
import type { JsonObject } from '@contract'

const holderOf = (root: JsonObject | undefined, path: readonly string[]): JsonObject | undefined =>
  path.slice(0, -1).reduce<JsonObject | undefined>((at, key) => (typeof at?.[key] === 'object' && at[key] !== null ? (at[key] as JsonObject) : undefined), root)

/** The setting at a path of plain JSON; undefined where the path is not there. */
export const settingAt = (root: JsonObject | undefined, path: readonly string[]): JsonObject[string] | undefined => holderOf(root, path)?.[path.at(-1)!]

/** Writes it; where the path is not there, nothing. */
export function writeSetting(root: JsonObject | undefined, path: readonly string[], value: JsonObject[string]): void {
  const at = holderOf(root, path)
  if (at) at[path.at(-1)!] = value
}

/** A number inside plain JSON settings, by its path. Where the path is not there, null, and writing does nothing. */
export function numberAt(root: () => JsonObject | undefined, path: readonly string[]): WritableComputedRef<number | null> {
  return computed({
    get: () => {
      const value = settingAt(root(), path)
      return typeof value === 'number' ? value : null
    },
    set: (value) => writeSetting(root(), path, value),
  })
}

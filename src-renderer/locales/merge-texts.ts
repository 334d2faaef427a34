export type Texts = { readonly [key: string]: string | Texts }

/** One tree of the trees of several areas; areas may add to the same branch (`command.…`). A text given twice is a mistake. */
export function mergeTexts(areas: readonly Texts[]): Texts {
  const merged: Record<string, string | Texts> = {}
  for (const area of areas)
    for (const [key, value] of Object.entries(area)) {
      const present = merged[key]
      if (present === undefined) merged[key] = value
      else if (typeof present === 'string' || typeof value === 'string') throw new Error(`The text ${key} is given twice`)
      else merged[key] = mergeTexts([present, value])
    }
  return merged
}

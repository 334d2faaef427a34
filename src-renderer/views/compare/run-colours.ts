/** Colours that tell runs apart, for a dark and for a light ground; each has three to one against its ground. */
const COLOURS = {
  dark: ['#8197ff', '#5cc9a7', '#f0b354', '#ff8585', '#c994f2', '#4cc3e6', '#f68fb8', '#a9d36c', '#d99a6c', '#9db2c7'],
  light: ['#3f55cc', '#14755a', '#a35c00', '#b3261e', '#7a3bb8', '#0a7391', '#b52f6b', '#4a740f', '#87481d', '#51647a'],
} as const

export const RUN_COLOURS = COLOURS.dark.length
/** Runs beyond the last colour begin again with the first, drawn with dashes. */
export const runColour = (slot: number, theme: 'dark' | 'light'): string => COLOURS[theme][slot % RUN_COLOURS]!
export const isDashed = (slot: number): boolean => Math.floor(slot / RUN_COLOURS) % 2 === 1

/** Each keeps its colour for as long as it is chosen; a new one takes the first that is free. */
export function assignSlots(before: ReadonlyMap<string, number>, keys: readonly string[]): Map<string, number> {
  const slots = new Map(keys.flatMap((key) => (before.has(key) ? [[key, before.get(key)!] as const] : [])))
  const taken = new Set(slots.values())
  let next = 0
  for (const key of keys) {
    if (slots.has(key)) continue
    while (taken.has(next)) next++
    taken.add(next)
    slots.set(key, next)
  }
  return slots
}

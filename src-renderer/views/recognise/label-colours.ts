import type { Label } from '@contract'

/** The dataset's own colours where it has the label, else hues that stand apart (the golden angle). */
export function labelColours(labels: readonly string[], known: readonly Pick<Label, 'name' | 'colour'>[]): ReadonlyMap<string, string> {
  return new Map(labels.map((label, i) => [label, known.find((k) => k.name === label)?.colour ?? `oklch(0.68 0.14 ${Math.round((i * 137.508) % 360)})`]))
}

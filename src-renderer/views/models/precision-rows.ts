import type { Measurement, Model, Precision } from '@contract'

export const PRECISION_NAMES: readonly Precision[] = ['float32', 'float16', 'int8']

export interface ClassChange {
  readonly label: string
  readonly clips: number
  /** Share of the label's clips that float32 recognises; null where it has none. */
  readonly recall: number | null
  /** How much more or less the other precisions do, in parts of one; null where one of both was not measured. */
  readonly changes: readonly { readonly precision: Precision; readonly change: number | null }[]
}

const recallOf = (measurement: Measurement | null | undefined, label: string): number | null => {
  const found = measurement?.classes.find((c) => c.label === label)
  return found && found.clips > 0 ? found.correct / found.clips : null
}

/** What rounding does to each label, against float32. Empty without float32 and another precision, both measured. */
export function classChanges(models: ReadonlyMap<Precision, Model>): ClassChange[] {
  const whole = models.get('float32')?.measurement
  const others = PRECISION_NAMES.filter((p) => p !== 'float32' && models.get(p)?.measurement)
  if (!whole || others.length === 0) return []
  return whole.classes.map(({ label, clips }) => {
    const recall = recallOf(whole, label)
    const changes = others.map((precision) => {
      const other = recallOf(models.get(precision)?.measurement, label)
      return { precision, change: recall === null || other === null ? null : other - recall }
    })
    return { label, clips, recall, changes }
  })
}

/** The difference of two accuracies in points of a hundred, with its sign; `null` where nothing is to be compared. */
export const accuracyChange = (models: ReadonlyMap<Precision, Model>, precision: Precision): number | null => {
  const [whole, other] = [models.get('float32')?.measurement, models.get(precision)?.measurement]
  return precision === 'float32' || !whole || !other ? null : 100 * (other.accuracy - whole.accuracy)
}

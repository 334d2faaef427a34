import type { ExperimentMeasure } from '@contract'
import { useFormats } from '@/composables/format.ts'

/** Parts as per cent, losses as numbers. */
export function useMeasureText(): (measure: ExperimentMeasure, value: number | null | undefined) => string {
  const formats = useFormats()
  return (measure, value) => (value == null ? '–' : measure === 'loss' ? formats.value.decimal(value, 3) : formats.value.percent(value))
}

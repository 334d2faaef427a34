import { useI18n } from 'vue-i18n'
import { computed, type ComputedRef } from 'vue'
import type { ExperimentAxis } from '@contract'

/** What a condition has along an axis, in words. */
export function useValueNames(): ComputedRef<{ of(axis: ExperimentAxis, value: number): string; all(axes: readonly ExperimentAxis[], values: readonly number[]): string; axis(axis: ExperimentAxis): string }> {
  const { t, locale } = useI18n()
  return computed(() => {
    const number = new Intl.NumberFormat(locale.value, { maximumSignificantDigits: 3, useGrouping: false })
    const of = (axis: ExperimentAxis, value: number): string => ('options' in axis ? (axis.options[value]?.name ?? '?') : number.format(value))
    return {
      of,
      all: (axes, values) => axes.map((axis, i) => of(axis, values[i]!)).join(' · '),
      axis: (axis) => t(`search.field.${axis.field}`),
    }
  })
}

import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useFormats } from '@/composables/format.ts'
import type { Cell, Field, FieldKind } from './fields.ts'
import type { Spread } from './run-groups.ts'

export interface CellTexts {
  title(field: Field): string
  /** As the table shows it; a dash where there is nothing. */
  text(field: Field, cell: Cell): string
  /** Mean and standard deviation. */
  spread(field: Field, spread: Spread): string
  number(field: Pick<Field, 'kind'>, value: number): string
  /** The same on an axis, where round values stand. */
  axis(field: Pick<Field, 'kind'>, value: number): string
}

/** Values of runs in the person's language. */
export function useCellTexts(): ComputedRef<CellTexts> {
  const { t, locale } = useI18n()
  const formats = useFormats()
  return computed(() => {
    const f = formats.value
    const plain = new Intl.NumberFormat(locale.value, { maximumSignificantDigits: 4, useGrouping: false })
    const small = new Intl.NumberFormat(locale.value, { maximumSignificantDigits: 3, notation: 'scientific' })
    const when = new Intl.DateTimeFormat(locale.value, { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    const numbers: Readonly<Partial<Record<FieldKind, (value: number) => string>>> = {
      number: (v) => (v !== 0 && Math.abs(v) < 1e-4 ? small.format(v) : plain.format(v)),
      count: (v) => plain.format(v),
      percent: (v) => f.percent(v),
      seconds: (v) => f.duration(v),
      milliseconds: (v) => `${plain.format(Number(v.toPrecision(3)))} ms`,
      bytes: (v) => f.bytes(v),
      short: (v) => f.short(v),
      time: (v) => when.format(v),
    }
    const number = ({ kind }: Pick<Field, 'kind'>, value: number): string => (numbers[kind] ?? String)(value)
    return {
      title: (field) => (field.named ? t(`compare.field.${field.id}`) : field.id),
      number,
      axis: (field, value) => (field.kind === 'percent' && Math.abs(value * 100 - Math.round(value * 100)) < 1e-6 ? f.percent(value, 0) : number(field, value)),
      text(field, cell) {
        if (cell === null) return '–'
        if (typeof cell === 'number') return number(field, cell)
        if (typeof cell === 'boolean') return t(cell ? 'compare.yes' : 'compare.no')
        if (typeof cell !== 'string') return cell.length === 0 ? '–' : cell.join(', ')
        return field.kind === 'status' ? t(`compare.status.${cell}`) : cell
      },
      spread(field, { mean, deviation }) {
        if (deviation === null) return number(field, mean)
        if (field.kind === 'percent') return `${f.decimal(mean * 100, 1)} ± ${f.decimal(deviation * 100, 1)} %`
        return deviation === 0 ? number(field, mean) : `${number(field, Number(mean.toPrecision(3)))} ± ${number(field, Number(deviation.toPrecision(2)))}`
      },
    }
  })
}

import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'

export interface Formats {
  count(value: number): string
  /** Seconds as a person reads them: `0.43 s`, `12.3 s`, `3:05`, `1:02:03`. */
  duration(seconds: number): string
  /** `412 kB`, `1.3 GB`. */
  bytes(bytes: number): string
  /** A time that is an estimate: `5 s`, `2 min`, `1.5 h`. */
  rough(seconds: number): string
  /** A part of one as `93.4 %`. */
  percent(part: number, digits?: number): string
  decimal(value: number, digits: number): string
  /** Two digits that count: `0.003`, `1.2`. */
  significant(value: number): string
  /** Three digits that count. */
  significant3(value: number): string
  /** A large count in short: `61.7 k`, `4.2 M`. */
  short(value: number): string
}

export function useFormats(): ComputedRef<Formats> {
  const { locale } = useI18n()
  return computed(() => {
    const whole = new Intl.NumberFormat(locale.value, { useGrouping: 'always' } as Intl.NumberFormatOptions)
    const digits = (n: number) => new Intl.NumberFormat(locale.value, { minimumFractionDigits: n, maximumFractionDigits: n })
    const two = digits(2)
    const one = digits(1)
    const significant = new Intl.NumberFormat(locale.value, { maximumSignificantDigits: 2 })
    const significant3 = new Intl.NumberFormat(locale.value, { maximumSignificantDigits: 3 })
    return {
      count: (value) => whole.format(value),
      bytes(bytes) {
        const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
        const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
        const value = bytes / 1000 ** step
        return new Intl.NumberFormat(locale.value, { style: 'unit', unit: units[step]!, maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 }).format(value)
      },
      duration(seconds) {
        if (seconds < 10) return `${two.format(seconds)} s`
        if (seconds < 60) return `${one.format(seconds)} s`
        const all = Math.round(seconds)
        const parts = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
        const shown = parts[0] === 0 ? parts.slice(1) : parts
        return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
      },
      rough(seconds) {
        if (seconds < 90) return `${whole.format(Math.max(1, Math.round(seconds)))} s`
        if (seconds < 5400) return `${whole.format(Math.round(seconds / 60))} min`
        return `${one.format(seconds / 3600)} h`
      },
      percent: (part, count = 1) => `${digits(count).format(part * 100)} %`,
      decimal: (value, count) => digits(count).format(value),
      significant: (value) => significant.format(value),
      significant3: (value) => significant3.format(value),
      short: (value) => (value < 1000 ? whole.format(value) : value < 1e6 ? `${significant3.format(value / 1e3)} k` : value < 1e9 ? `${significant3.format(value / 1e6)} M` : `${significant3.format(value / 1e9)} G`),
    }
  })
}

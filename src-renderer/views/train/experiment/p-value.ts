import { useFormats } from '@/composables/format.ts'

/** `0.031`; below a thousandth only that. */
export function usePValue(): (p: number) => string {
  const formats = useFormats()
  return (p) => (p < 0.001 ? `< ${formats.value.decimal(0.001, 3)}` : formats.value.decimal(p, 3))
}

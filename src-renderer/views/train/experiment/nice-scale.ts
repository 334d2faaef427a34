/** Ends and ticks at round numbers around a range. Pure. */
export function niceScale(low: number, high: number, most: number): { readonly low: number; readonly high: number; readonly ticks: readonly number[] } {
  const span = high > low ? high - low : Math.max(Math.abs(low), 1) * 0.1
  const rough = span / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough)!
  const [first, last] = [Math.floor(low / step), Math.max(Math.ceil(high / step), Math.floor(low / step) + 1)]
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
  return { low: ticks[0]!, high: ticks.at(-1)!, ticks }
}

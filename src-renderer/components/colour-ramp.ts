export type Colour = readonly [red: number, green: number, blue: number]

const parse = (hex: string): number[] => [1, 3, 5].map((i) => Number.parseInt(hex.trim().slice(i, i + 2), 16))

/** From the theme's ground by its wave colour to its text colour: 256 steps. */
export function themeRamp(): readonly Colour[] {
  const style = getComputedStyle(document.documentElement)
  const stops = ['--c-panel', '--c-wave', '--c-text'].map((name) => parse(style.getPropertyValue(name)))
  return Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (stops.length - 1)
    const [a, b] = [stops[Math.floor(at)]!, stops[Math.min(stops.length - 1, Math.floor(at) + 1)]!]
    const mixed = (c: number): number => a[c]! + (b[c]! - a[c]!) * (at % 1)
    return [mixed(0), mixed(1), mixed(2)]
  })
}

/** Points that both the reference script and the tests make: five bent curves in 24 dimensions, with noise. */
export const COUNT = 600
export const SIZE = 24

export function referencePoints(): Float32Array[] {
  let state = 20261127
  const uniform = (): number => {
    state = (state * 1664525 + 1013904223) % 4294967296 // below 2^53: exact
    return state / 4294967296
  }
  const mixing = Array.from({ length: 3 * SIZE }, () => 2 * uniform() - 1)
  return Array.from({ length: COUNT }, (_, i) => {
    const curve = i % 5
    const t = 3 * uniform()
    const base = [Math.cos(t + curve) * (1 + curve), Math.sin(t + 2 * curve) * 3, 2 * curve + t * t * 0.3]
    return Float32Array.from({ length: SIZE }, (_v, d) => {
      const noise = uniform() + uniform() + uniform() - 1.5
      return base[0]! * mixing[d]! + base[1]! * mixing[SIZE + d]! + base[2]! * mixing[2 * SIZE + d]! + 0.2 * noise
    })
  })
}

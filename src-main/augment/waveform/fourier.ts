/** The discrete Fourier transform of a power-of-two length (Cooley and Tukey 1965), and convolution by it. */
interface Plan {
  readonly cos: Float64Array
  readonly sin: Float64Array
  readonly reversed: Uint32Array
}

const plans = new Map<number, Plan>()

function planFor(size: number): Plan {
  const known = plans.get(size)
  if (known) return known
  const bits = Math.log2(size)
  const reversed = new Uint32Array(size)
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >> 1]! >> 1) | ((i & 1) << (bits - 1))
  const wave = (f: (angle: number) => number) => Float64Array.from({ length: size / 2 }, (_, i) => f((-2 * Math.PI * i) / size))
  const plan = { cos: wave(Math.cos), sin: wave(Math.sin), reversed }
  plans.set(size, plan)
  return plan
}

/** Forward transform in place, unscaled. */
export function transform(re: Float64Array, im: Float64Array): void {
  const size = re.length
  const { cos, sin, reversed } = planFor(size)
  for (let i = 0; i < size; i++) {
    const j = reversed[i]!
    if (j <= i) continue
    const [a, b] = [re[i]!, im[i]!]
    re[i] = re[j]!
    im[i] = im[j]!
    re[j] = a
    im[j] = b
  }
  for (let half = 1; half < size; half *= 2) {
    const step = size / (2 * half)
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0, t = 0; k < half; k++, t += step) {
        const low = start + k
        const high = low + half
        const c = cos[t]!
        const s = sin[t]!
        const x = re[high]!
        const y = im[high]!
        const a = c * x - s * y
        const b = c * y + s * x
        const u = re[low]!
        const v = im[low]!
        re[high] = u - a
        im[high] = v - b
        re[low] = u + a
        im[low] = v + b
      }
    }
  }
}

/** x * h, length x + h − 1. Both are real, so one transform takes the two as its real and imaginary parts. */
export function convolve(x: Float32Array, h: Float32Array): Float32Array {
  const length = x.length + h.length - 1
  let size = 2
  while (size < length) size *= 2
  const re = new Float64Array(size)
  const im = new Float64Array(size)
  re.set(x)
  im.set(h)
  transform(re, im)
  // X = (Z(k) + Z*(−k)) / 2, H = (Z(k) − Z*(−k)) / 2i; their product's conjugate, for the way back.
  const [pr, pi] = [new Float64Array(size), new Float64Array(size)]
  for (let k = 0; k < size; k++) {
    const m = (size - k) % size
    const xr = (re[k]! + re[m]!) / 2
    const xi = (im[k]! - im[m]!) / 2
    const hr = (im[k]! + im[m]!) / 2
    const hi = (re[m]! - re[k]!) / 2
    pr[k] = xr * hr - xi * hi
    pi[k] = -(xr * hi + xi * hr)
  }
  transform(pr, pi)
  const product = new Float32Array(length)
  for (let i = 0; i < length; i++) product[i] = pr[i]! / size
  return product
}

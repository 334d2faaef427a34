/** 8-bit µ-law (ITU-T G.711): a sample in [−1, 1] to the nearest of the codec's 255 levels. */
const BIAS = 132
const CLIP = 32635

export function muLaw(sample: number): number {
  const magnitude = Math.min(CLIP, Math.round(Math.abs(sample) * 32768)) + BIAS
  const exponent = 31 - Math.clz32(magnitude) - 7 // 0 … 7: the segment
  const mantissa = (magnitude >> (exponent + 3)) & 15
  const level = (((mantissa << 3) + BIAS) << exponent) - BIAS
  return (sample < 0 && level > 0 ? -level : level) / 32768
}

/**
 * First values of parameters, by the names the field uses. Uniform rules draw from [−a, a), normal rules are
 * not truncated. Glorot and Bengio 2010 (eq. 16), He et al. 2015 (eq. 10), LeCun et al. 1998 "Efficient
 * BackProp" (section 4.6, fan-in only).
 */
import { z } from 'zod'
import type { Random } from '../kit/index.ts'
import { exhaustive } from '../kit/index.ts'
import type { ParameterSpec } from './layers/layer.ts'

export const initialiserNames = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunUniform',
  'lecunNormal',
  'zeros',
  'ones',
] as const

/** A rule by name, or uniform in [−limit, limit), or normal around 0, or one constant value. */
export const initialiserSchema = z.union([
  z.enum(initialiserNames),
  z.strictObject({ type: z.literal('uniform'), limit: z.number().positive() }),
  z.strictObject({ type: z.literal('normal'), deviation: z.number().positive() }),
  z.strictObject({ type: z.literal('constant'), value: z.number() }),
])
export type InitialiserSpec = z.infer<typeof initialiserSchema>
/** Equal parts of a vector, each with its own constant: the gates of a recurrent cell. */
export interface PartsInitialiser {
  readonly type: 'parts'
  readonly values: readonly number[]
}

/** Values per unit that feed into one output (fan-in), and that one input feeds (fan-out). */
export interface Fans {
  readonly in: number
  readonly out: number
}

export function initialValues(rule: InitialiserSpec | PartsInitialiser, size: number, fans: Fans, random: Random): Float32Array {
  const uniform = (limit: number) => Float32Array.from({ length: size }, () => random.uniform(-limit, limit))
  const normal = (deviation: number) => Float32Array.from({ length: size }, () => deviation * random.normal())
  const from = (value: (i: number) => number) => Float32Array.from({ length: size }, (_, i) => value(i))
  if (typeof rule === 'object') {
    if (rule.type === 'uniform') return uniform(rule.limit)
    if (rule.type === 'normal') return normal(rule.deviation)
    if (rule.type === 'constant') return from(() => rule.value)
    return from((i) => rule.values[Math.floor((i * rule.values.length) / size)]!)
  }
  switch (rule) {
    case 'glorotUniform':
      return uniform(Math.sqrt(6 / (fans.in + fans.out)))
    case 'glorotNormal':
      return normal(Math.sqrt(2 / (fans.in + fans.out)))
    case 'heUniform':
      return uniform(Math.sqrt(6 / fans.in))
    case 'heNormal':
      return normal(Math.sqrt(2 / fans.in))
    case 'lecunUniform':
      return uniform(Math.sqrt(3 / fans.in))
    case 'lecunNormal':
      return normal(Math.sqrt(1 / fans.in))
    case 'zeros':
      return new Float32Array(size)
    case 'ones':
      return new Float32Array(size).fill(1)
    default:
      return exhaustive(rule)
  }
}

/**
 * Every parameter by its path. Each one draws from its own stream, named by its path: adding a layer does not
 * change the first values of the others.
 */
export function initialiseParameters(parameters: readonly ParameterSpec[], random: Random): Map<string, Float32Array> {
  return new Map(
    parameters.map((p) => {
      const size = p.shape.reduce((a, b) => a * b, 1)
      return [p.name, initialValues(p.initialiser, size, p.fans, random.fork(p.name))]
    }),
  )
}

/**
 * Fitting waveforms of any length inside a graph: zeros are added by arithmetic on the shape, then the kept
 * part is cut out. Equal to `fitClip`, and right for waveforms shorter than the clip and for empty ones.
 */
import type { Dim, Graph, Tensor } from '../nn/index.ts'
import type { FrontEndConfig } from './config.ts'
import { ENERGY_STEPS } from './fit.ts'
import { clipSamples } from './geometry.ts'

/** [N, samples] → [N, clip]. Nothing is written where the length already fits. */
export function appendFit(g: Graph, waveform: Tensor, config: FrontEndConfig): Tensor {
  const [batch, samples] = waveform.shape as readonly [Dim, Dim]
  const length = clipSamples(config)
  if (samples === length) return waveform
  const int64 = (type: string, a: Tensor, b: Tensor) => g.op(type, [a, b], {}, { shape: [1], dtype: 'int64' })

  const shape = g.op('Shape', [waveform], { start: 1, end: 2 }, { shape: [1], dtype: 'int64' })
  const lack = int64('Max', int64('Sub', g.ints(length), shape), g.ints(0))
  const before = config.clip.pad === 'centre' ? int64('Div', lack, g.ints(2)) : g.ints(0)
  const after = int64('Sub', lack, before)
  const pads = g.op('Concat', [g.ints(0), before, g.ints(0), after], { axis: 0 }, { shape: [4], dtype: 'int64' })
  const padded = g.op('Pad', [waveform, pads, g.scalar(0)], { mode: 'constant' }, { shape: [batch, 'padded'] })

  const kept = { shape: [batch, length] }
  if (config.clip.crop === 'start') return g.op('Slice', [padded, g.ints(0), g.ints(length), g.ints(1)], {}, kept)
  if (config.clip.crop === 'centre') {
    const spare = int64('Max', int64('Sub', shape, g.ints(length)), g.ints(0))
    const start = int64('Div', spare, g.ints(2))
    return g.op('Slice', [padded, start, int64('Add', start, g.ints(length)), g.ints(1)], {}, kept)
  }
  const positions = g.constant(Array.from({ length }, (_, i) => i), [1, length], 'int64')
  const indices = g.op('Add', [appendLoudestStart(g, padded, batch, length), positions], {}, { ...kept, dtype: 'int64' })
  return g.op('GatherElements', [padded, indices], { axis: 1 }, kept)
}

/** [N, padded] → [N, 1]: where the `length` samples with the largest energy begin. */
function appendLoudestStart(g: Graph, padded: Tensor, batch: Dim, length: number): Tensor {
  // One zero before the first sample: then entry i of the running sum is the energy of the first i samples.
  const led = g.op('Pad', [padded, g.ints(0, 1, 0, 0), g.scalar(0)], { mode: 'constant' }, { shape: [batch, 'led'] })
  const limited = g.op('Clip', [led, g.scalar(-1), g.scalar(1)], {}, { shape: led.shape })
  const stepped = g.op('Mul', [limited, g.scalar(ENERGY_STEPS)], {}, { shape: led.shape })
  const whole = { shape: led.shape, dtype: 'int64' } as const
  const steps = g.op('Cast', [stepped], { to: 7 }, whole) // 7 = INT64; cuts towards zero
  const squares = g.op('Mul', [steps, steps], {}, whole)
  const sums = g.op('CumSum', [squares, g.scalar(1, 'int64')], {}, whole)
  const spans = { shape: [batch, 'spans'], dtype: 'int64' } as const
  const ends = g.op('Slice', [sums, g.ints(length), g.ints(Number.MAX_SAFE_INTEGER), g.ints(1)], {}, spans)
  const starts = g.op('Slice', [sums, g.ints(0), g.ints(-length), g.ints(1)], {}, spans)
  const energy = g.op('Sub', [ends, starts], {}, spans)
  return g.op('ArgMax', [energy], { axis: 1, keepdims: 1 }, { shape: [batch, 1], dtype: 'int64' })
}

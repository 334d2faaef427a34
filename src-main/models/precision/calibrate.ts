import { toOnnx } from '../../nn/index.ts'
import { createSession, floats, tensor } from '../../runtime/index.ts'
import { fail, ok, type Result } from '../../kit/index.ts'
import { recogniserGraph, type ExportInput } from '../export-model.ts'
import { observedTensors, type Range, type Ranges } from './int8.ts'

export interface CalibrateOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/**
 * The range of every tensor that will be rounded, over clips of the training set (mono, any length, at the front
 * end's rate). A few hundred are enough: ranges are least and greatest values.
 */
export async function calibrate(input: ExportInput, waveforms: readonly Float32Array[], { signal, onProgress }: CalibrateOptions = {}): Promise<Result<Ranges>> {
  if (waveforms.length === 0) return fail('INVALID', 'There are no training clips to measure the ranges of 8-bit numbers on', { hint: 'Export in float16, or put clips into training.' })
  const made = recogniserGraph(input)
  if (!made.ok) return made
  const { graph, networkNodes } = made.value
  const names = observedTensors(graph, networkNodes)
  // Least and greatest value are worked out within the graph: only two numbers of a tensor leave it.
  for (const [i, name] of names.entries())
    for (const [end, type] of [['low', 'ReduceMin'], ['high', 'ReduceMax']] as const)
      graph.output(`${end}${i}`, graph.op(type, [{ name, shape: [], dtype: 'float32' }], { keepdims: 0 }, { shape: [] }))
  const opened = await createSession(toOnnx(graph), { device: 'cpu' })
  if (!opened.ok) return opened
  await using session = opened.value
  const ranges = new Map<string, Range>()
  const outputs = names.flatMap((_, i) => [`low${i}`, `high${i}`])
  for (const [done, waveform] of waveforms.entries()) {
    if (signal?.aborted) return fail('CANCELLED', 'The export was stopped')
    const seen = await session.run({ waveform: tensor(waveform, [1, waveform.length]) }, outputs)
    for (const [i, name] of names.entries()) {
      const [low, high] = ranges.get(name) ?? [Infinity, -Infinity]
      ranges.set(name, [Math.min(low, floats(seen[`low${i}`]!)[0]!), Math.max(high, floats(seen[`high${i}`]!)[0]!)])
    }
    onProgress?.({ done: done + 1, total: waveforms.length })
  }
  return ok(ranges)
}

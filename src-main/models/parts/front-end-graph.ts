import { assert } from '../../kit/index.ts'
import { appendFrontEnd, frontEndShape, type FrontEndConfig } from '../../features/index.ts'
import { Graph, toOnnx, type Tensor } from '../../nn/index.ts'
import { FEATURES } from '../export-model.ts'
import { decodeModel, renameGraph, type GraphProto } from './protos.ts'

/**
 * How a network wants its features, F frequencies and T frames of N clips; samples are one row (`NS`) or one channel
 * (`N1S`). Ours are N1FT.
 */
export const LAYOUTS = ['N1FT', 'NFT', 'NTF', 'N1TF', 'NFT1', 'NTF1', 'NS', 'N1S'] as const
export type Layout = (typeof LAYOUTS)[number]

/** Those that a front end can give: a row of samples has no frequencies, and the other way round. */
export const layoutsOf = (frontEnd: FrontEndConfig): readonly Layout[] =>
  frontEnd.kind === 'waveform' ? ['NS', 'N1S', 'N1FT'] : LAYOUTS.filter((layout) => !layout.endsWith('S'))

/** The sizes after the first, of one clip. */
export function layoutShape(frontEnd: FrontEndConfig, layout: Layout): readonly number[] {
  const [, f, t] = frontEndShape(frontEnd)
  const sizes: Readonly<Record<Layout, readonly number[]>> = {
    N1FT: [1, f, t], NFT: [f, t], NTF: [t, f], N1TF: [1, t, f], NFT1: [f, t, 1], NTF1: [t, f, 1], NS: [t], N1S: [1, t],
  }
  return sizes[layout]
}

export interface FrontEndGraph {
  readonly frontEnd: FrontEndConfig
  readonly layout: Layout
  /** What the network calls its input. */
  readonly input: string
  readonly opset: number
  /** A number where the network takes exactly so many clips. */
  readonly batch: number | 'N'
}

/** `waveform` → `features` → the network's input; all other names begin with `frontEnd/`. */
export function frontEndGraph({ frontEnd, layout, input, opset, batch }: FrontEndGraph): GraphProto {
  const g = new Graph()
  const waveform = g.input('waveform', [batch, 'samples'])
  const features = appendFrontEnd(g, waveform, frontEnd, { normalisation: null })
  g.output(input, arrange(g, features, frontEnd, layout))
  const names = input === FEATURES ? new Map<string, string>() : new Map([[features.name, FEATURES]])
  const { graph } = decodeModel(toOnnx(g, { opset, names }))
  assert(graph, 'a model has a graph')
  const own = new Set(['waveform', FEATURES, input])
  return renameGraph(graph, (name) => (own.has(name) ? name : `frontEnd/${name}`))
}

function arrange(g: Graph, features: Tensor, frontEnd: FrontEndConfig, layout: Layout): Tensor {
  const [batch, , f, t] = features.shape as [number | string, number, number, number]
  const transposed = (): Tensor => g.op('Transpose', [features], { perm: [0, 1, 3, 2] }, { shape: [batch, 1, t, f] })
  const shaped = (from: Tensor): Tensor => {
    const sizes = layoutShape(frontEnd, layout)
    return g.op('Reshape', [from, g.ints(0, ...sizes)], {}, { shape: [batch, ...sizes] })
  }
  if (layout === 'N1FT') return features
  if (layout === 'N1TF') return transposed()
  return shaped(layout.includes('TF') ? transposed() : features)
}

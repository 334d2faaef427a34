import type { FrontEndConfig } from '../../features/index.ts'
import { valueDocs, FEATURES } from '../export-model.ts'
import { frontEndGraph } from './front-end-graph.ts'
import { decodeModel, encodeModel, floatValue } from './protos.ts'

/** A file of ours that takes features, as one that takes waveforms: what `withoutFrontEnd` cut is put before it again. */
export function withFrontEnd(bytes: Uint8Array, frontEnd: FrontEndConfig, labels: readonly string[]): Uint8Array {
  const model = decodeModel(bytes)
  const graph = model.graph!
  const opset = Number(model.opsetImport[0]!.version)
  const front = frontEndGraph({ frontEnd, layout: 'N1FT', input: FEATURES, opset, batch: 'N' })
  return encodeModel({
    ...model,
    metadataProps: model.metadataProps.map((entry) => (entry.key === 'input' ? { key: 'input', value: 'waveform' } : entry)),
    graph: {
      ...graph,
      node: [...front.node!, ...graph.node!],
      initializer: [...front.initializer!, ...graph.initializer!],
      input: [floatValue('waveform', ['N', 'samples'], valueDocs(frontEnd, labels)['waveform'])],
    },
  })
}

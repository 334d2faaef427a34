import { fail, ok, type Result } from '../../kit/index.ts'
import { frontEndShape } from '../../features/index.ts'
import { FEATURES, valueDocs } from '../export-model.ts'
import { readMetadata } from '../metadata.ts'
import { decodeModel, encodeModel, floatValue, keepNeeded } from './protos.ts'

/**
 * The same model without its front end: input `features` [N, 1, frequency, frame] instead of `waveform`. The dataset's
 * normalisation stays inside. The settings of the front end stay in the metadata.
 */
export function withoutFrontEnd(bytes: Uint8Array): Result<Uint8Array> {
  const model = decodeModel(bytes)
  const graph = model.graph!
  const metadata = readMetadata(Object.fromEntries(model.metadataProps.map(({ key, value }) => [key ?? '', value ?? ''])))
  if (!metadata.ok) return metadata
  const { frontEnd, labels, input } = metadata.value
  if (input === 'features') return ok(bytes)
  if (!(graph.node ?? []).some((node) => node.output?.includes(FEATURES)))
    return fail('INVALID', 'This file does not say where its front end ends', { hint: 'An earlier version exported it. Export the run again.' })
  const after = (graph.node ?? []).filter((node) => !node.output?.includes(FEATURES))
  return ok(
    encodeModel({
      ...model,
      metadataProps: [...model.metadataProps.filter(({ key }) => key !== 'input'), { key: 'input', value: 'features' }],
      graph: {
        ...graph,
        ...keepNeeded({ ...graph, node: after }, (graph.output ?? []).map((o) => o.name ?? '')),
        input: [floatValue(FEATURES, ['N', ...frontEndShape(frontEnd)], valueDocs(frontEnd, labels)['features'])],
      },
    }),
  )
}

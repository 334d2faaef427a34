import { listClipRows } from '../../catalog/index.ts'
import { describeSource, sourceOfRun, summarise, type NetworkSource, type OcclusionMap } from '../../explanation/index.ts'
import { frontEndShape } from '../../features/index.ts'
import { fail, ok, type Result } from '../../kit/index.ts'
import { runSounds } from '../../runs/index.ts'
import { answer } from '../call-errors.ts'
import { progressStream } from '../progress-stream.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'

type Summarised = ReturnType<typeof summarise>

export const networks = {
  layers: calls.networks.layers.handler(async ({ input, context: { services } }) => {
    const source = answer(await sourceOfRun(services.library, input.run))
    const layers = answer(describeSource(source))
    return {
      architecture: source.architecture.title,
      input: [...frontEndShape(source.frontEnd)],
      labels: [...source.labels],
      layers: layers.map(({ output, field, filters, ...layer }) => ({ ...layer, output: [...output], field: { rows: { ...field.rows }, columns: { ...field.columns } }, filters: filters && [...filters] })),
    }
  }),
  look: calls.networks.look.handler(async ({ input, context: { services }, signal }) => {
    const network = answer(await sourceOfRun(services.library, input.run))
    const samples = answer(await soundOf(services, input.clip, network))
    const look = answer(await services.explainer.ask({ kind: 'look', network, samples, class: input.class, layer: input.layer }, { signal }))
    return {
      shape: [...look.shape],
      features: shelve(services, look.features),
      seconds: network.frontEnd.clip.seconds,
      probabilities: [...look.probabilities],
      class: look.class,
      saliency: shelve(services, look.saliency),
      gradCam: look.gradCam && { layer: look.gradCam.layer, rows: look.gradCam.rows, columns: look.gradCam.columns, values: shelve(services, look.gradCam.values) },
      layers: look.layers.map(({ path, shape, summary, values }) => ({ path, shape: [...shape], summary: toSummary(summary), values: shelve(services, values) })),
    }
  }),
  filters: calls.networks.filters.handler(async ({ input, context: { services }, signal }) => {
    const network = answer(await sourceOfRun(services.library, input.run))
    const values = answer(await services.explainer.ask({ kind: 'filters', network, layer: input.layer }, { signal }))
    return { values: shelve(services, values), summary: toSummary(summarise(values)) }
  }),
  occlude: calls.networks.occlude.handler(async function* ({ input, context: { services }, signal }) {
    const stream = progressStream(services, signal, async (onProgress: (p: { done: number; total: number }) => void, stop): Promise<Result<OcclusionMap>> => {
      const network = await sourceOfRun(services.library, input.run)
      if (!network.ok) return network
      const samples = await soundOf(services, input.clip, network.value)
      if (!samples.ok) return samples
      const settings = { size: input.size, stride: input.stride }
      return services.explainer.ask({ kind: 'occlude', network: network.value, samples: samples.value, class: input.class, settings }, { onProgress, signal: stop })
    })
    for await (const event of stream) {
      if ('progress' in event) yield { type: 'progress' as const, ...event.progress }
      else {
        const { class: chosen, probability, height, width, values } = event.result
        yield { type: 'map' as const, class: chosen, probability, height, width, values: shelve(services, values) }
      }
    }
  }),
  gradients: calls.networks.gradients.handler(async ({ input, context: { services }, signal }) => {
    const network = answer(await sourceOfRun(services.library, input.run))
    const sounds = answer(await runSounds(services.library, services.decodePool, input.run, 'train', input.clips, signal))
    if (sounds.length === 0) answer(fail('INVALID', 'None of the training clips of this run can be read'))
    const labelled = sounds.map(({ samples, label }) => ({ samples, label: network.labels.indexOf(label) }))
    const report = answer(await services.explainer.ask({ kind: 'gradients', network, sounds: labelled }, { signal }))
    return {
      clips: report.clips,
      loss: report.loss,
      correct: report.correct,
      parameters: report.parameters.map(({ name, shape, weight, gradient }) => ({ name, shape: [...shape], weight: toSummary(weight), gradient: toSummary(gradient) })),
    }
  }),
  backpropagate: calls.networks.backpropagate.handler(async ({ input, context: { services }, signal }) => {
    if (input.target >= input.network.outputs) answer(fail('INVALID', `The network has ${input.network.outputs} outputs and no class ${input.target}`))
    const { operations, tensors, probabilities, loss, lossAfter } = answer(await services.explainer.ask({ kind: 'backpropagate', settings: input }, { signal }))
    return {
      operations: operations.map((o) => ({ ...o, inputs: [...o.inputs], derivative: o.derivative && [...o.derivative] })),
      tensors: tensors.map((t) => ({ ...t, shape: [...t.shape], values: [...t.values], gradient: t.gradient && [...t.gradient], next: t.next && [...t.next] })),
      probabilities: probabilities && [...probabilities],
      loss,
      lossAfter,
    }
  }),
}

/** The clip's sound as the network's front end hears it. */
async function soundOf({ library, decodePool }: Services, id: number, { frontEnd }: NetworkSource): Promise<Result<Float32Array>> {
  const row = library.catalog.get<{ dataset: number }>('SELECT dataset_id AS dataset FROM clips WHERE id = ? AND binned_at IS NULL', id)
  const [clip] = row ? listClipRows(library.catalog, row.dataset, { ids: [id] }) : []
  if (!clip) return fail('NOT_FOUND', 'This clip is no longer there', { hint: 'It may be in the bin: undo brings it back.' })
  const { startSample, endSample, edits } = clip
  const decoded = await decodePool.decode({ path: library.mediaPath({ ...clip, id: clip.recordingId }), startSample, endSample, edits, sampleRate: frontEnd.sampleRate })
  return decoded.ok ? ok(decoded.value.samples) : decoded
}

const shelve = ({ shelf }: Services, values: Float32Array): string => shelf.put(new Uint8Array(values.slice().buffer as ArrayBuffer), 'application/octet-stream')

const toSummary = (summary: Summarised) => ({ ...summary, histogram: [...summary.histogram] })

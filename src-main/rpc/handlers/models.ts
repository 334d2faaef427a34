import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { listModels, recordModel, type Library, type ModelRecord } from '../../catalog/index.ts'
import { hashBytes, ok, type Result } from '../../kit/index.ts'
import { exportModel, readModel, writeModel, type ModelInfo } from '../../models/index.ts'
import { loadRunModel } from '../../runs/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'

export const models = {
  list: calls.models.list.handler(({ context: { services } }) => listModels(services.library).map(toModel)),
  export: calls.models.export.handler(async ({ input, context: { services } }) => {
    const id = answer(await exportToLibrary(services.library, input.run, input.name))
    services.changes.announce()
    return toModel(listModels(services.library).find((m) => m.id === id)!)
  }),
}

/** Into the library's own folder, under the name of its content. */
async function exportToLibrary(library: Library, run: string, name: string | null): Promise<Result<string>> {
  const model = await loadRunModel(library, run)
  if (!model.ok) return model
  const bytes = exportModel({ ...model.value, ...(name === null ? {} : { name }) })
  if (!bytes.ok) return bytes
  const id = hashBytes(bytes.value)
  const file = join(library.folder.models, `${id}.onnx`)
  const written = await writeModel(file, bytes.value)
  if (!written.ok) return written
  const info = await readModel(bytes.value)
  if (!info.ok) return info
  const recorded = recordModel(library, { id, runId: run, name: info.value.name, file, bytes: bytes.value.length, metadata: shownInfo(info.value) })
  return recorded.ok ? ok(id) : recorded
}

type Shown = Pick<ModelInfo, 'labels' | 'sampleRate' | 'clipSeconds' | 'parameters' | 'metrics'>
const shownInfo = ({ labels, sampleRate, clipSeconds, parameters, metrics }: Shown) => ({ labels, sampleRate, clipSeconds, parameters, metrics })

function toModel({ id, name, runId, bytes, createdAt, file, metadata }: ModelRecord) {
  const { labels, sampleRate, clipSeconds, parameters, metrics } = metadata as unknown as Shown
  return { id, name, run: runId, labels: [...labels], sampleRate, seconds: clipSeconds, parameters, bytes, metrics: { ...metrics }, createdAt, present: existsSync(file) }
}

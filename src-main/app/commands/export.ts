import { resolve } from 'node:path'
import { fail, ok } from '../../kit/index.ts'
import { exportModel, writeModel } from '../../models/index.ts'
import { loadRunModel } from '../../runs/index.ts'
import { withLibrary } from '../with-library.ts'

export const exportRun = withLibrary(async (library, { console }, id: string, { out }: { out: string }) => {
  if (!out.toLowerCase().endsWith('.onnx')) return fail('USAGE', `The file's name must end in .onnx: ${out}`)
  const model = await loadRunModel(library, id)
  if (!model.ok) return model
  const bytes = exportModel(model.value)
  if (!bytes.ok) return bytes
  const file = resolve(out)
  const written = await writeModel(file, bytes.value)
  if (!written.ok) return written
  console.say(`${file}: ${(bytes.value.length / 1024).toFixed(0)} KiB, ${model.value.labels.length} labels, mono at ${model.value.frontEnd.sampleRate} Hz`)
  return ok({ file, bytes: bytes.value.length, labels: model.value.labels, sampleRate: model.value.frontEnd.sampleRate, run: model.value.provenance.run })
})

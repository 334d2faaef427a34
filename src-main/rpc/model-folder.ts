import { readFile } from 'node:fs/promises'
import type { FolderChoices } from '../../src-contract/index.ts'
import { encodeWav } from '../audio/index.ts'
import { err, ok, toAppError, type Result } from '../kit/index.ts'
import { exampleFolder, loadModel, type FolderEntry } from '../models/index.ts'
import { runSounds } from '../runs/index.ts'
import { cardOf, findModel } from './models.ts'
import type { Services } from './services.ts'

/** A model of the library as a folder of files that run elsewhere, and what the folder is called. */
export async function modelFolder(services: Services, id: string, { language, frontEnd, example }: FolderChoices): Promise<Result<{ readonly name: string; readonly entries: readonly FolderEntry[] }>> {
  const record = findModel(services, id)
  const loaded = await loadModel(record.file)
  if (!loaded.ok) return loaded
  const { info, bytes } = loaded.value
  // Our own file goes out byte for byte; of one that takes features the whole is what was put together from it.
  const model = info.input === 'waveform' ? await read(record.file) : ok(bytes)
  if (!model.ok) return model
  const sound = example ? await exampleSound(services, record.runId) : ok(null)
  if (!sound.ok) return sound
  const wav = sound.value && encodeWav(sound.value, info.sampleRate)
  const entries = exampleFolder({ model: model.value, info: { ...info, name: record.name }, card: cardOf(record, language), language, frontEnd, example: wav })
  return entries.ok ? ok({ name: record.name, entries: entries.value }) : entries
}

/** One test clip (else one validation clip) of the model's run. */
async function exampleSound({ library, decodePool }: Services, run: string | null): Promise<Result<Float32Array | null>> {
  if (run === null) return ok(null)
  for (const split of ['test', 'validation'] as const) {
    const sounds = await runSounds(library, decodePool, run, split, 1)
    if (!sounds.ok) return sounds
    if (sounds.value[0]) return ok(sounds.value[0].samples)
  }
  return ok(null)
}

async function read(file: string): Promise<Result<Uint8Array>> {
  try {
    return ok(new Uint8Array(await readFile(file)))
  } catch (cause) {
    return err(toAppError(cause, 'reading the model', file))
  }
}

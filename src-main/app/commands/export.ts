import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { createDecodePool, encodeWav } from '../../audio/index.ts'
import { err, fail, hashBytes, ok, toAppError, writeFileAtomic, type Result } from '../../kit/index.ts'
import { exampleFolder, makeModel, readModel, saveFolder, withoutFrontEnd, writeCard, writeModel, type Language, type PrecisionName } from '../../models/index.ts'
import { DEFAULT_OPSET, type Opset } from '../../nn/index.ts'
import { runSounds } from '../../runs/index.ts'
import { withLibrary } from '../with-library.ts'

export interface ExportOptions {
  readonly out?: string
  readonly precision?: PrecisionName
  readonly opset?: Opset
  /** commander's name for `--no-front-end`. */
  readonly frontEnd?: boolean
  readonly temperature?: number | 'fitted'
  readonly card?: string
  readonly folder?: string
  readonly example?: boolean
  readonly language?: Language
}

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`

export const exportRun = withLibrary(async (library, { console, signal }, id: string, options: ExportOptions) => {
  const { out, card: cardFile, folder, precision = 'float32', opset = DEFAULT_OPSET, temperature, language = 'en', frontEnd = true, example = false } = options
  if (out === undefined && folder === undefined && cardFile === undefined) return fail('USAGE', 'Nothing to write: give --out, --folder or --card')
  if (out !== undefined && !out.toLowerCase().endsWith('.onnx')) return fail('USAGE', `The file's name must end in .onnx: ${out}`)
  await using pool = createDecodePool()
  const made = await makeModel(library, { run: id, name: null, precision, opset, temperature, language }, {
    pool,
    signal,
    onProgress({ done, total }) {
      console.progress(`ranges of 8-bit numbers: ${done} of ${total} clips`)
      console.event({ type: 'progress', done, total })
    },
  })
  if (!made.ok) return made
  const { bytes, facts } = made.value
  const info = await readModel(bytes)
  if (!info.ok) return info
  const { name, labels, sampleRate, clipSeconds, intendedUse, limits, licence, provenance, sha256 } = info.value
  const card = writeCard(
    {
      name, labels, sampleRate, seconds: clipSeconds, about: { intendedUse, limits, licence }, facts, provenance, measurement: null,
      file: { precision, opset: info.value.opset, temperature: info.value.temperature, bytes: bytes.length, sha256 },
    },
    language,
  )
  const written: Record<string, unknown> = {}

  if (out !== undefined) {
    const file = resolve(out)
    const cut = frontEnd ? ok(bytes) : withoutFrontEnd(bytes)
    if (!cut.ok) return cut
    const saved = await writeModel(file, cut.value)
    if (!saved.ok) return saved
    Object.assign(written, { file, bytes: cut.value.length, sha256: hashBytes(cut.value) })
    console.say(`${file}: ${kib(cut.value.length)}, ${precision}, opset ${opset}, ${labels.length} labels, ${frontEnd ? `mono at ${sampleRate} Hz` : 'features in'}`)
  }
  if (cardFile !== undefined) {
    const file = resolve(cardFile)
    const saved = await saveText(file, card)
    if (!saved.ok) return saved
    Object.assign(written, { card: file })
    console.say(`${file}: the model card`)
  }
  if (folder !== undefined) {
    const sounds = example ? await runSounds(library, pool, id, 'test', 1, signal) : ok([])
    if (!sounds.ok) return sounds
    const [sound] = sounds.value
    const entries = exampleFolder({ model: bytes, info: info.value, card, language, frontEnd, example: sound ? encodeWav(sound.samples, sampleRate) : null })
    if (!entries.ok) return entries
    const place = resolve(folder)
    const ready = await makeFolder(place)
    if (!ready.ok) return ready
    const saved = await saveFolder(place, name, entries.value)
    if (!saved.ok) return saved
    Object.assign(written, { folder: saved.value })
    console.say(`${saved.value}: the model with examples for Node, Python and the browser`)
  }
  return ok({ ...written, labels, sampleRate, precision, opset, frontEnd, run: facts.run })
})

async function saveText(file: string, text: string): Promise<Result<void>> {
  try {
    await writeFileAtomic(file, text)
    return ok(undefined)
  } catch (cause) {
    return err(toAppError(cause, 'writing the card', dirname(file)))
  }
}

async function makeFolder(folder: string): Promise<Result<void>> {
  try {
    await mkdir(folder, { recursive: true })
    return ok(undefined)
  } catch (cause) {
    return err(toAppError(cause, 'making the folder', folder))
  }
}

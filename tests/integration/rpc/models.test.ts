import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import onnxProto from 'onnx-proto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelFileUrl, modelFolderUrl, type MakeModels, type MakeModelsEvent, type Model } from '../../../src-contract/index.ts'
import { importFolder, splitDataset } from '../../../src-main/curation/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { inspectModel } from '../../../src-main/models/index.ts'
import { createTrainingRun, trainRun } from '../../../src-main/runs/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'
import { unzip } from '../../support/unzip.ts'
import { LABELS, makeToneClips, SETTINGS } from '../training-data.ts'
import { connectByPort, testStudio, type Connected, type TestStudio } from '../../support/studio.ts'

const runtime = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'onnxruntime-node')
const python = process.env['PYTHON']
const pythonRuns = python !== undefined && spawnSync(python, ['-c', 'import onnxruntime, numpy']).status === 0

describe('models of a run', () => {
  let test: TestStudio
  let connected: Connected
  let run = ''
  const labels = [...LABELS].sort()
  const about = { intendedUse: 'Telling | pitches', limits: 'Only three of them', licence: 'CC0-1.0' }
  const request = (more: Partial<MakeModels> = {}): MakeModels => ({
    run, name: 'Tonos / 1', precisions: ['float32', 'float16', 'int8'], opset: 17, temperature: 1.5, about, language: 'es', measure: true, ...more,
  })
  const made: Model[] = []

  beforeAll(async () => {
    test = testStudio()
    connected = await connectByPort(test)
    const { library } = test.studio.services
    makeToneClips(join(test.folder, 'tones'))
    unwrap(await importFolder(library, { path: join(test.folder, 'tones'), dataset: 'tones', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' } }))
    unwrap(splitDataset(library, 'tones', { test: 0.2, validation: 0.2 }))
    run = unwrap(await createTrainingRun(library, { dataset: 'tones', settings: SETTINGS, device: 'cpu', threads: 1 })).id
    unwrap(await trainRun(library, run))
  })
  afterAll(async () => {
    await connected[Symbol.asyncDispose]()
    await test[Symbol.asyncDispose]()
    expect(test.bugs).toEqual([])
  })

  it('are made in every precision, each measured as a file', async () => {
    const events: MakeModelsEvent[] = []
    for await (const event of await connected.client.models.make(request())) events.push(event)
    made.push(...events.flatMap((e) => (e.type === 'model' ? [e.model] : [])))
    expect(made.map((m) => m.precision)).toEqual(['float32', 'float16', 'int8'])
    expect(new Set(events.flatMap((e) => (e.type === 'progress' ? [`${e.precision} ${e.stage}`] : [])))).toEqual(
      new Set(['float32 writing', 'float32 measuring', 'float16 writing', 'float16 measuring', 'int8 ranges', 'int8 writing', 'int8 measuring']),
    )
    for (const { measurement, opset, temperature, about: says } of made) {
      expect({ opset, temperature, says }).toEqual({ opset: 17, temperature: 1.5, says: about })
      expect(measurement!.classes.map((c) => c.label)).toEqual(labels)
      expect(measurement!.classes.reduce((sum, c) => sum + c.clips, 0)).toBe(measurement!.clips)
      expect(measurement!.classes.reduce((sum, c) => sum + c.correct, 0) / measurement!.clips).toBeCloseTo(measurement!.accuracy, 10)
      expect(measurement!.interval!.low).toBeLessThanOrEqual(measurement!.accuracy)
    }
    const detail = await connected.client.runs.get({ run })
    expect(made[0]!.measurement!.accuracy).toBeCloseTo(detail.test!.accuracy, 10)
    expect((await connected.client.models.list()).map((m) => m.id).sort()).toEqual(made.map((m) => m.id).sort())
  })

  it('with the temperature that was fitted on validation clips the file gives softmax(logits / T), and says where T is from', async () => {
    const { library } = test.studio.services
    const { fittedTemperature } = await connected.client.models.draft({ run, name: null, about, language: 'en' })
    expect(fittedTemperature).toBe((await connected.client.inspection.scores({ run, split: 'validation' })).calibration!.temperature)
    const kinds: Model[] = []
    for (const temperature of [null, 'fitted'] as const)
      for await (const event of await connected.client.models.make(request({ name: 'warm', precisions: ['float32'], temperature, measure: false, language: 'en' }))) if (event.type === 'model') kinds.push(event.model)
    const [plain, calibrated] = kinds as [Model, Model]
    expect(plain.temperature).toBe(1)
    expect(calibrated.temperature).toBe(fittedTemperature)
    const bytes = (model: Model) => readFileSync(join(library.folder.models, `${model.id}.onnx`))
    const { metadata } = unwrap(inspectModel(bytes(calibrated)))
    expect(Number(metadata['temperature'])).toBe(fittedTemperature)
    expect(metadata['card']).toContain('calibrated probabilities, fitted on 12 validation clips')
    expect((await connected.client.models.card({ model: calibrated.id, language: 'es' })).markdown).toContain('probabilidades calibradas, ajustada con 12 clips de validación')
    expect((await connected.client.models.card({ model: plain.id, language: 'en' })).markdown).not.toContain('calibrated')
    await using before = unwrap(await createSession(bytes(plain), { device: 'cpu', threads: 1 }))
    await using after = unwrap(await createSession(bytes(calibrated), { device: 'cpu', threads: 1 }))
    // From the one tone to the other: somewhere between them the network is not sure.
    let most = 0
    const tone = (hz: number, i: number) => Math.sin((2 * Math.PI * hz * i) / 8000)
    for (let mix = 0; mix <= 1; mix += 0.05) {
      const waveform = tensor(Float32Array.from({ length: 8000 }, (_, i) => 0.2 * (mix * tone(300, i) + (1 - mix) * tone(2400, i))), [1, 8000])
      const logits = floats((await before.run({ waveform }, ['logits']))['logits']!)
      const weights = [...logits].map((x) => Math.exp((x - Math.max(...logits)) / fittedTemperature!))
      const sum = weights.reduce((a, b) => a + b, 0)
      const probabilities = floats((await after.run({ waveform }, ['probabilities']))['probabilities']!)
      const untouched = floats((await before.run({ waveform }, ['probabilities']))['probabilities']!)
      for (const [c, p] of probabilities.entries()) expect(Math.abs(p - weights[c]! / sum)).toBeLessThanOrEqual(1e-4)
      most = Math.max(most, ...probabilities.map((p, c) => Math.abs(p - untouched[c]!)))
    }
    // The comparison would say nothing if both were alike.
    expect(most).toBeGreaterThan(0.01)
    // The tests below count the models of the first request.
    for (const { id } of kinds) {
      await connected.client.models.remove({ model: id })
      await connected.client.models.purge({ model: id })
    }
  })

  it('a run without validation clips has no temperature to be exported with, and says so', async () => {
    const { library } = test.studio.services
    unwrap(splitDataset(library, 'tones', { test: 0.2, validation: 0 }))
    const alone = unwrap(await createTrainingRun(library, { dataset: 'tones', settings: { ...SETTINGS, epochs: 1 }, device: 'cpu', threads: 1, name: 'alone' })).id
    unwrap(await trainRun(library, alone))
    expect((await connected.client.models.draft({ run: alone, name: null, about, language: 'en' })).fittedTemperature).toBeNull()
    await expect((async () => { for await (const _ of await connected.client.models.make(request({ run: alone, temperature: 'fitted', precisions: ['float32'] }))); })()).rejects.toMatchObject({ code: 'INVALID', message: expect.stringContaining('validation clips') })
  })

  it('a stop in the middle keeps what was finished and says so by its end', async () => {
    const stop = new AbortController()
    const seen: string[] = []
    await expect(
      (async () => {
        for await (const event of await connected.client.models.make(request({ name: 'stopped', precisions: ['float32', 'int8'] }), { signal: stop.signal })) {
          if (event.type === 'model') seen.push(event.model.precision)
          else if (event.precision === 'int8') stop.abort()
        }
        stop.signal.throwIfAborted()
      })(),
    ).rejects.toThrow()
    expect(seen).toEqual(['float32'])
    await expect.poll(async () => (await connected.client.models.list()).filter((m) => m.name === 'stopped').map((m) => m.precision)).toEqual(['float32'])
  })

  it('a card in both languages: data, splits, figures with intervals, no path of this machine', async () => {
    const { markdown } = await connected.client.models.card({ model: made[2]!.id, language: 'en' })
    for (const part of ['# Tonos / 1', '## Data', '| Training | 36 |', '## Evaluation', '95 % interval', 'Most frequent confusions', 'Telling | pitches', 'CC0-1.0', 'int8', made[2]!.id])
      expect(markdown, part).toContain(part)
    const detail = await connected.client.runs.get({ run })
    expect(markdown).toContain(`${(100 * detail.test!.accuracy).toFixed(1)} %`)
    const spanish = (await connected.client.models.card({ model: made[2]!.id, language: 'es' })).markdown
    expect(spanish).toContain('## Uso previsto')
    expect(spanish).not.toContain('Intended use')
    for (const text of [markdown, spanish]) expect(text).not.toMatch(/\/tmp|\/home|[A-Z]:\\/)
    const draft = (await connected.client.models.draft({ run, name: 'Draft', about: { ...about, limits: '' }, language: 'en' })).markdown
    expect(draft).toContain('# Draft')
    expect(draft).toContain('Not stated.')
  })

  it('the short card is in the file, in the chosen language', async () => {
    const response = await test.studio.answer(new Request(`http://x${modelFileUrl(made[0]!)}`))
    const { metadata } = unwrap(inspectModel(new Uint8Array(await response.arrayBuffer())))
    expect(metadata['card']).toContain('Reconoce high, low, middle')
    expect(metadata['card']).toContain('Uso previsto: Telling | pitches')
    expect(metadata['limits']).toBe('Only three of them')
    expect(JSON.stringify(metadata)).not.toContain(test.folder)
  })

  it('a file without its front end is saved under a name that every system takes, and opens again', async () => {
    const response = await test.studio.answer(new Request(`http://x${modelFileUrl(made[0]!, { frontEnd: false })}`))
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''Tonos%20_%201-features.onnx`)
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(unwrap(inspectModel(bytes)).inputs[0]!.name).toBe('features')
    const folder = join(test.folder, 'given')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'features.onnx'), bytes)
    const place = (await connected.client.imports.open({ path: folder })).here.token
    expect(await connected.client.files.inspectModel({ place, name: 'features.onnx' })).toMatchObject({ own: true, opset: 17 })
    const opened = await connected.client.files.openModel({ place, name: 'features.onnx' })
    expect(opened).toMatchObject({ name: 'Tonos / 1', sampleRate: 8000, labels })
    const zip = await test.studio.answer(new Request(`http://x${modelFolderUrl(opened, { language: 'en', frontEnd: true, example: true })}`))
    expect(zip.status).toBe(200)
    expect([...(await unzip(new Uint8Array(await zip.arrayBuffer()))).keys()]).toContain('Tonos _ 1/model.onnx')
  })

  describe.each([true, false])('as a folder (front end inside: %s)', (frontEnd) => {
    let folder = ''
    beforeAll(async () => {
      const response = await test.studio.answer(new Request(`http://x${modelFolderUrl(made[2]!, { language: 'es', frontEnd, example: true })}`))
      expect(response.headers.get('content-type')).toBe('application/zip')
      folder = join(test.folder, `unpacked-${frontEnd}`)
      for (const [path, bytes] of await unzip(new Uint8Array(await response.arrayBuffer()))) {
        mkdirSync(join(folder, path, '..'), { recursive: true })
        writeFileSync(join(folder, path), bytes)
      }
      folder = join(folder, 'Tonos _ 1')
    })

    it('holds the files that its README names', () => {
      const text = readFileSync(join(folder, 'README.md'), 'utf8')
      for (const [, name] of text.matchAll(/^\| `([^`]+)`/gm)) expect(existsSync(join(folder, name!)), name).toBe(true)
      expect(readdirSync(folder).sort()).toEqual(
        ['README.md', 'browser', 'card.md', 'example.wav', ...(frontEnd ? [] : ['front-end.onnx']), 'front-end.json', 'labels.json', 'model.onnx', 'node', 'python'].sort(),
      )
      expect(readFileSync(join(folder, 'card.md'), 'utf8')).toContain('Ficha del modelo')
      for (const name of ['README.md', 'card.md', 'labels.json', 'node/recognise.mjs', 'browser/index.html', 'browser/recognise.js']) expect(readFileSync(join(folder, name), 'utf8'), name).not.toContain(test.folder)
    })

    it('its Node example recognises the example', () => {
      mkdirSync(join(folder, 'node', 'node_modules'))
      symlinkSync(runtime, join(folder, 'node', 'node_modules', 'onnxruntime-node'))
      const ran = spawnSync(process.execPath, ['recognise.mjs', '../example.wav'], { cwd: join(folder, 'node'), encoding: 'utf8' })
      expect(ran.status, ran.stderr).toBe(0)
      expect(ran.stdout).toMatch(/^\.\.\/example\.wav: (low|middle|high) \d+\.\d %, /)
      const wrong = spawnSync(process.execPath, ['recognise.mjs', '../labels.json'], { cwd: join(folder, 'node'), encoding: 'utf8' })
      expect(wrong.stderr).toContain('is not a WAV file')
    })

    it.skipIf(!pythonRuns)('its Python example says the same (else: set PYTHON to a Python with onnxruntime and numpy)', () => {
      const say = (command: string, where: string, program: string) => spawnSync(command, [program, '../example.wav'], { cwd: join(folder, where), encoding: 'utf8' })
      const [ours, theirs] = [say(process.execPath, 'node', 'recognise.mjs'), say(python!, 'python', 'recognise.py')]
      expect(theirs.status, theirs.stderr).toBe(0)
      expect(theirs.stdout).toBe(ours.stdout)
    })
  })

  it('is written whole into a folder that was chosen', async () => {
    const place = (await connected.client.imports.open({ path: test.folder })).here.token
    const choices = { language: 'en', frontEnd: true, example: false } as const
    const { folder } = await connected.client.models.saveFolder({ model: made[1]!.id, place, ...choices })
    expect(folder).toBe(join(test.folder, 'Tonos _ 1'))
    expect(existsSync(join(folder, 'example.wav'))).toBe(false)
    expect((await connected.client.models.saveFolder({ model: made[1]!.id, place, ...choices })).folder).toBe(join(test.folder, 'Tonos _ 1 (2)'))
  })

  it('can be renamed, noted, binned, restored and deleted for good', async () => {
    const { id } = made[1]!
    expect(await connected.client.models.update({ model: id, name: 'Better', note: 'for the phone' })).toMatchObject({ name: 'Better', note: 'for the phone', measurement: made[1]!.measurement })
    await connected.client.models.remove({ model: id })
    expect((await connected.client.models.list()).some((m) => m.id === id)).toBe(false)
    expect((await connected.client.models.binned()).map((m) => m.id)).toEqual([id])
    await connected.client.models.restore({ model: id })
    expect((await connected.client.models.list()).some((m) => m.id === id)).toBe(true)
    await expect(connected.client.models.purge({ model: id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await connected.client.models.remove({ model: id })
    await connected.client.models.purge({ model: id })
    expect(existsSync(join(test.folder, 'library', 'models', `${id}.onnx`))).toBe(false)
    await expect(connected.client.models.card({ model: id, language: 'en' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('a model that was made twice comes back from the bin as it was noted', async () => {
    const { id } = made[0]!
    await connected.client.models.update({ model: id, note: 'keep me' })
    await connected.client.models.remove({ model: id })
    for await (const event of await connected.client.models.make(request({ precisions: ['float32'], measure: false }))) if (event.type === 'model') expect(event.model).toMatchObject({ id, note: 'keep me' })
    expect(await connected.client.models.binned()).toEqual([])
  })

  it('refuses what cannot be', async () => {
    const first = async (more: Partial<MakeModels>) => {
      for await (const event of await connected.client.models.make(request(more))) return event
      return null
    }
    await expect(first({ run: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(first({ opset: 12 as never })).rejects.toMatchObject({ code: 'INVALID' })
    await expect(first({ temperature: 0 })).rejects.toMatchObject({ code: 'INVALID' })
    await expect(first({ precisions: [] })).rejects.toMatchObject({ code: 'INVALID' })
    const old = onnxProto.onnx.ModelProto.decode(readFileSync(join(test.folder, 'library', 'models', `${made[0]!.id}.onnx`)))
    for (const node of old.graph!.node!) {
      node.input = node.input!.map((name) => (name === 'features' ? 'middle' : name))
      node.output = node.output!.map((name) => (name === 'features' ? 'middle' : name))
    }
    const folder = join(test.folder, 'given')
    writeFileSync(join(folder, 'old.onnx'), onnxProto.onnx.ModelProto.encode(old).finish())
    const place = (await connected.client.imports.open({ path: folder })).here.token
    const model = await connected.client.files.openModel({ place, name: 'old.onnx' })
    const response = await test.studio.answer(new Request(`http://x${modelFileUrl(model, { frontEnd: false })}`))
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('where its front end ends')
  })
})

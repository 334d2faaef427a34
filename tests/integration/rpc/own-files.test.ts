import { copyFileSync, createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArchiveEvent } from '../../../src-contract/index.ts'
import { writeArchive } from '../../../src-main/archive/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { writeModel } from '../../../src-main/models/index.ts'
import { importWords, testStudio, TRANSPORTS, type Connected, type TestStudio } from '../../support/studio.ts'
import { toneModel } from '../../support/tone-model.ts'

describe.each(TRANSPORTS)('files of our own kinds over a %s', (_, connect) => {
  let test: TestStudio
  let connected: Connected
  let place = ''

  beforeAll(async () => {
    test = testStudio()
    connected = await connect(test)
    await importWords(connected.client, test.recordings)
    const folder = join(test.folder, 'given')
    mkdirSync(folder)
    await pipeline(unwrap(await writeArchive(test.studio.services.library, 'words')), createWriteStream(join(folder, 'words.espectro')))
    unwrap(await writeModel(join(folder, 'tones.onnx'), toneModel()))
    writeFileSync(join(folder, 'broken.onnx'), 'not a model')
    copyFileSync(join(test.recordings, 'yes_ana_0.wav'), join(folder, 'yes.wav'))
    place = (await connected.client.imports.open({ path: folder })).here.token
  })
  afterAll(async () => {
    await connected[Symbol.asyncDispose]()
    await test[Symbol.asyncDispose]()
    expect(test.bugs).toEqual([])
  })

  it('are found by their endings', async () => {
    expect((await connected.client.files.find({ place })).map(({ name, kind }) => [name, kind])).toEqual([
      ['broken.onnx', 'model'], ['tones.onnx', 'model'], ['words.espectro', 'archive'],
    ])
  })

  it('an archive becomes a dataset, with progress, and can be undone', async () => {
    const events: ArchiveEvent[] = []
    for await (const event of await connected.client.files.openArchive({ place, name: 'words.espectro' })) events.push(event)
    expect(events.at(-1)).toMatchObject({ type: 'report', name: 'words (2)', clips: 12, recordings: 0 })
    expect((await connected.client.history.undo()).name).toBe('open archive')
  })

  it('a model is copied into the library once', async () => {
    const model = await connected.client.files.openModel({ place, name: 'tones.onnx' })
    expect(model).toMatchObject({ name: 'tones', run: null, present: true })
    expect((await connected.client.files.openModel({ place, name: 'tones.onnx' })).id).toBe(model.id)
    expect(await connected.client.models.list()).toHaveLength(1)
  })

  it('what is broken, of another kind or elsewhere is refused', async () => {
    await expect(connected.client.files.openModel({ place, name: 'broken.onnx' })).rejects.toMatchObject({ defined: true, data: { file: expect.stringContaining('broken.onnx') } })
    await expect(connected.client.files.openModel({ place, name: 'words.espectro' })).rejects.toMatchObject({ code: 'INVALID' })
    await expect(connected.client.files.openModel({ place, name: '../given/tones.onnx' })).rejects.toMatchObject({ code: 'INVALID' })
    await expect(connected.client.files.openModel({ place: 'A'.repeat(22), name: 'tones.onnx' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

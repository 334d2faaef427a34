import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UPLOAD_PIECE, uploadUrl } from '../../../src-contract/index.ts'
import { encodeWav } from '../../../src-main/audio/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { createUploads } from '../../../src-main/rpc/uploads.ts'
import { connectByPort, everything, testStudio, tone, type Connected, type TestStudio } from '../../support/studio.ts'

let test: TestStudio
let connected: Connected
beforeAll(async () => {
  test = testStudio()
  connected = await connectByPort(test)
})
afterAll(async () => {
  await connected[Symbol.asyncDispose]()
  await test[Symbol.asyncDispose]()
  expect(test.bugs).toEqual([])
})

const inbox = () => join(test.folder, 'library', 'inbox')
const put = (upload: string, at: number, bytes: Uint8Array, type = 'application/octet-stream') =>
  test.studio.answer(new Request(`http://studio${uploadUrl(upload, at)}`, { method: 'PUT', body: bytes as Uint8Array<ArrayBuffer>, headers: { 'content-type': type } }))
async function send(upload: string, bytes: Uint8Array, piece = UPLOAD_PIECE): Promise<void> {
  for (let at = 0; at < bytes.length; at += piece) expect((await put(upload, at, bytes.subarray(at, at + piece))).status).toBe(204)
}
const wav = (hertz: number, seconds = 0.3) => encodeWav(tone(hertz, seconds), 8000)

describe('an upload', () => {
  it('puts files of all sizes where their names say, however the pieces fall, and imports them', async () => {
    const files = [
      { name: 'words/yes/a.wav', bytes: wav(300) }, { name: 'words/empty.wav', bytes: new Uint8Array(0) }, { name: 'words/no/b.wav', bytes: wav(310) },
      { name: 'words/readme.md', bytes: Buffer.from('not for us') }, { name: 'words/no/B.wav', bytes: wav(320) }, { name: '../../outside.wav', bytes: wav(330) },
    ]
    const { upload, wanted, bytes } = await connected.client.uploads.open({ files: files.map((f) => ({ name: f.name, bytes: f.bytes.length })) })
    expect(wanted).toEqual([0, 1, 2, 4, 5])
    const row = Buffer.concat(wanted.map((i) => files[i]!.bytes))
    expect(bytes).toBe(row.length)
    await expect(connected.client.uploads.finish({ upload })).rejects.toMatchObject({ code: 'INVALID' })
    await send(upload, row, 997)
    const { place } = await connected.client.uploads.finish({ upload })
    const [folder] = readdirSync(inbox())
    expect(readFileSync(join(inbox(), folder!, 'words/yes/a.wav'))).toEqual(Buffer.from(files[0]!.bytes))
    expect(readFileSync(join(inbox(), folder!, 'words/no/B (2).wav'))).toEqual(Buffer.from(files[4]!.bytes))
    expect(existsSync(join(inbox(), folder!, 'outside.wav'))).toBe(true)
    await expect((async () => {
      for await (const _ of await connected.client.imports.start({ place, dataset: 'x', labels: { from: 'folder' }, link: true, decoded: null })) { /* refused */ }
    })()).rejects.toMatchObject({ code: 'INVALID' })
    for await (const event of await connected.client.imports.start({ place, dataset: 'sent', labels: { from: 'folder' }, link: false, decoded: null }))
      if (event.type === 'report') expect(event.report).toMatchObject({ added: 4, failed: 1, failures: [{ file: 'words/empty.wav' }] })
    await connected.client.uploads.close({ upload })
    expect(readdirSync(inbox())).toEqual([])
    const sent = (await connected.client.datasets.list()).find((d) => d.name === 'sent')!
    const { clips } = await connected.client.clips.page({ filter: everything(sent.id), sort: { by: 'name', descending: false }, offset: 0, limit: 10 })
    const { samples } = unwrap(await test.studio.services.decodePool.decode({ path: join(test.folder, 'library', 'media', clips[0]!.recording.slice(0, 2), `${clips[0]!.recording}.wav`), sampleRate: null }))
    expect(samples).toHaveLength(2400)
  })

  it('says where it is when a piece comes twice or too early, and goes on from there', async () => {
    const bytes = wav(500, 1)
    const { upload } = await connected.client.uploads.open({ files: [{ name: 'a.wav', bytes: bytes.length }] })
    expect((await put(upload, 0, bytes.subarray(0, 1000))).status).toBe(204)
    for (const at of [0, 2000]) {
      const answer = await put(upload, at, bytes.subarray(at, at + 1000))
      expect([answer.status, await answer.text()]).toEqual([409, '1000'])
    }
    await send(upload, new Uint8Array(0))
    expect((await put(upload, 1000, bytes.subarray(1000))).status).toBe(204)
    expect(Buffer.from(unwrap(await test.studio.services.uploads.readOne(upload)))).toEqual(Buffer.from(bytes))
    await connected.client.uploads.close({ upload })
  })

  it('refuses other types, pieces that are too long, more than was announced, and unknown uploads', async () => {
    const { upload } = await connected.client.uploads.open({ files: [{ name: 'a.wav', bytes: 3 * UPLOAD_PIECE }] })
    expect((await put(upload, 0, new Uint8Array(10), 'text/plain')).status).toBe(415)
    expect((await put(upload, 0, new Uint8Array(UPLOAD_PIECE + 1))).status).toBe(413)
    const small = await connected.client.uploads.open({ files: [{ name: 'a.wav', bytes: 5 }] })
    expect((await put(small.upload, 0, new Uint8Array(6))).status).toBe(400)
    expect((await put('A'.repeat(22), 0, new Uint8Array(1))).status).toBe(404)
    for (const path of ['/upload/', '/upload/x', `/upload/${upload}`, `/upload/${upload}?at=-1`, `/upload/${upload}?at=x`, `/upload/${upload}/../x?at=0`, '/media/x'])
      expect((await test.studio.answer(new Request(`http://studio${path}`, { method: 'PUT', body: 'x', headers: { 'content-type': 'application/octet-stream' } }))).status, path).toBe(404)
    await expect(connected.client.uploads.open({ files: [{ name: 'notes.md', bytes: 5 }] })).rejects.toMatchObject({ code: 'INVALID' })
    await expect(connected.client.uploads.open({ files: [{ name: 'a.wav', bytes: 2 ** 50 }] })).rejects.toMatchObject({ code: 'DISK_FULL' })
    await connected.client.uploads.close({ upload })
    await connected.client.uploads.close({ upload: small.upload })
    expect(readdirSync(inbox())).toEqual([])
  })

  it('of one take becomes a clip', async () => {
    const bytes = wav(700)
    const facts = { name: 'siete_ana_1.wav', dataset: 'mine', label: 'siete', speaker: 'ana', session: 'now', take: 1 }
    const opened = await connected.client.uploads.open({ files: [{ name: 'take.wav', bytes: bytes.length }] })
    await expect(connected.client.takes.keep({ upload: opened.upload, ...facts })).rejects.toMatchObject({ code: 'INVALID' })
    await send(opened.upload, bytes)
    const kept = await connected.client.takes.keep({ upload: opened.upload, ...facts })
    const { clips } = await connected.client.clips.page({ filter: everything(kept.dataset), sort: { by: 'name', descending: false }, offset: 0, limit: 10 })
    expect(clips).toMatchObject([{ id: kept.clip, name: 'siete_ana_1.wav', speaker: 'ana', recording: kept.recording }])
    expect(readdirSync(inbox())).toEqual([])
    expect(await connected.client.history.undo()).toEqual({ name: 'record' })
  })

  it('that a crash left is swept when it is a day old', () => {
    for (const name of ['old', 'new']) mkdirSync(join(inbox(), name))
    writeFileSync(join(inbox(), 'old', 'x.wav'), 'x')
    const day = Date.now() / 1000 - 25 * 3600
    utimesSync(join(inbox(), 'old'), day, day)
    createUploads(inbox())
    expect(readdirSync(inbox())).toEqual(['new'])
  })
})

import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importedFileUrl } from '../../../src-contract/index.ts'
import { connectByPort, testStudio, type Connected, type TestStudio } from '../../support/studio.ts'

const M4A = join(import.meta.dirname, '..', '..', 'fixtures', 'audio', 'stereo44k.m4a')
let test: TestStudio
let connected: Connected
let place: string
const get = (address: string) => test.studio.answer(new Request(`http://studio${address}`))

beforeAll(async () => {
  test = testStudio()
  connected = await connectByPort(test)
  const folder = join(test.recordings, 'aac')
  mkdirSync(join(folder, 'siete'), { recursive: true })
  copyFileSync(M4A, join(folder, 'siete', 'uno.m4a'))
  writeFileSync(join(folder, 'secret.txt'), 'not for a page')
  writeFileSync(join(test.recordings, 'outside.m4a'), readFileSync(M4A))
  symlinkSync(join(test.recordings, 'outside.m4a'), join(folder, 'link.m4a'))
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'disguised.m4a'))
  place = (await connected.client.imports.open({ path: folder })).here.token
})
afterAll(async () => {
  await connected[Symbol.asyncDispose]()
  await test[Symbol.asyncDispose]()
  expect(test.bugs).toEqual([])
})

describe('a recording of a chosen place, for the decoder of the window', () => {
  it('is given as it is, with the rate of its header', async () => {
    const response = await get(importedFileUrl(place, 'siete/uno.m4a'))
    expect(response.status).toBe(200)
    expect(response.headers.get('x-sample-rate')).toBe('44100')
    expect(Buffer.from(await response.arrayBuffer())).toEqual(readFileSync(M4A))
  })

  it.each([
    ['a place that nobody chose', () => importedFileUrl('A'.repeat(22), 'siete/uno.m4a')],
    ['a way out of the place', () => importedFileUrl(place, '../outside.m4a')],
    ['an absolute path', () => importedFileUrl(place, join(test.recordings, 'outside.m4a'))],
    ['a link that leads out of it', () => importedFileUrl(place, 'link.m4a')],
    ['what is no recording', () => importedFileUrl(place, 'secret.txt')],
    ['a link with the name of a recording to what is none', () => importedFileUrl(place, 'disguised.m4a')],
    ['a name with a zero in it', () => importedFileUrl(place, 'uno.m4a\0.wav')],
    ['a name that cannot be decoded', () => `/import/${place}/%E0%A4%A`],
    ['nothing', () => importedFileUrl(place, 'gone.m4a')],
  ])('is not given for %s', async (_, address) => {
    expect((await get(address())).status).toBe(404)
  })
})

import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, it } from 'vitest'
import { archiveUrl } from '../../../src-contract/index.ts'
import { importArchive } from '../../../src-main/archive/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { importWords, testStudio, TRANSPORTS } from '../../support/studio.ts'

it('a dataset is saved as one file by its address, and opened again', async () => {
  await using test = testStudio()
  const [, connect] = TRANSPORTS[0]!
  await using connected = await connect(test)
  const dataset = await importWords(connected.client, test.recordings)
  const response = await test.studio.answer(new Request(`http://x${archiveUrl(dataset)}`))
  expect(response.status).toBe(200)
  expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''words.espectro")
  const path = join(test.folder, 'words.espectro')
  await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(path))
  const { library, decodePool } = test.studio.services
  expect(unwrap(await importArchive(library, path, { pool: decodePool }))).toMatchObject({ clips: 12, recordings: 0, dataset: { name: 'words (2)' } })
  for (const address of ['/archives/999.espectro', '/archives/0.espectro', '/archives/../x.espectro'])
    expect((await test.studio.answer(new Request(`http://x${address}`))).status).toBe(404)
})

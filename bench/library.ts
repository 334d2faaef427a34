/**
 * A library of 100,000 clips as the window uses it: calls over the real port, in milliseconds from asking to
 * having the answer. Names come in no order; forty labels, two hundred speakers. `--keep FOLDER` leaves the library
 * there, to be looked at by hand.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import type { ClipSort, Contract } from '../src-contract/index.ts'
import { openStudio } from '../src-main/app/studio.ts'
import { openLibrary } from '../src-main/catalog/index.ts'
import { unwrap } from '../src-main/kit/index.ts'
import { servePort } from '../src-main/rpc/index.ts'
import { fillLibrary } from '../tests/support/many-clips.ts'
import { median } from './lib/measure.ts'

const CLIPS = 100_000
const kept = process.argv.indexOf('--keep')
const folder = kept > 0 ? process.argv[kept + 1]! : mkdtempSync(join(tmpdir(), 'espectro-bench-library-'))
const root = join(folder, 'library')
{
  using library = unwrap(openLibrary(root))
  fillLibrary(library, CLIPS)
}
const started = performance.now()
await using studio = unwrap(openStudio({ library: root, page: folder, typedPaths: false }))
const { port1, port2 } = new MessageChannel()
servePort(port1, studio.calls, studio.services)
const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: port2 as never }))
port2.start()
const opened = performance.now() - started

async function time<T>(work: () => Promise<T>): Promise<readonly [ms: number, value: T]> {
  const start = performance.now()
  const value = await work()
  return [performance.now() - start, value]
}
const rows: [string, number, number][] = []
/** Each time after a change of one row, so that nothing is answered from memory of the same question. */
async function measure(name: string, work: () => Promise<unknown>, times = 7): Promise<void> {
  const costs: number[] = []
  for (let i = 0; i < times; i++) {
    await client.clips.setReview({ clips: { dataset, ids: [ids[i]!] }, review: i % 2 === 0 ? 'unsure' : 'accepted' })
    costs.push((await time(work))[0])
  }
  rows.push([name, median(costs), Math.max(...costs)])
}

const [first, listed] = await time(() => client.datasets.list())
const dataset = listed[0]!.id
const all = {
  dataset, search: '', labels: [], splits: [], speakers: [], sessions: [], folders: [], reviews: [], quality: [], marks: [], seconds: { from: null, to: null }, binned: false,
}
const page = (filter: Partial<typeof all> | object = {}, sort: ClipSort = { by: 'added', descending: false }, offset = 0) =>
  client.clips.page({ filter: { ...all, ...filter }, sort, offset, limit: 100 })
const [firstPage] = await time(() => page())
const [firstFacets] = await time(() => client.clips.facets({ filter: all }))
const labels = await client.labels.list({ dataset })
const ids = await client.clips.ids({ filter: all, sort: { by: 'added', descending: false }, offset: 0, limit: 50 })
console.log(`open ${opened.toFixed(0)} ms, datasets ${first.toFixed(0)} ms, first page ${firstPage.toFixed(0)} ms, first counts ${firstFacets.toFixed(0)} ms\n`)

for (const by of ['added', 'name', 'label', 'seconds', 'split', 'speaker', 'session', 'folder', 'review'] as const) {
  const [once] = await time(() => page({}, { by, descending: true }))
  await measure(`sorted by ${by} (first time ${once.toFixed(0)} ms)`, () => page({}, { by, descending: true }, 50_000))
}
const filters: Readonly<Record<string, object>> = {
  'everything': {},
  'search of one word': { search: '0042' },
  'search of three words': { search: 'speaker1 word3 folder' },
  'search without a result': { search: 'nothing like this' },
  'two labels': { labels: [labels[1]!.id, labels[2]!.id] },
  'unlabelled': { labels: [null] },
  'split and speaker': { splits: ['train'], speakers: ['speaker7', 'speaker8'] },
  'length': { seconds: { from: 0.3, to: 0.6 } },
  'everything at once': { search: 'word', labels: [labels[1]!.id, labels[2]!.id, null], splits: ['train', null], reviews: ['new'], seconds: { from: 0.2, to: 0.9 }, folders: ['folder3', 'folder4'] },
}
for (const [name, filter] of Object.entries(filters)) {
  await measure(`page: ${name}`, () => page(filter, { by: 'name', descending: false }))
  await measure(`counts: ${name}`, () => client.clips.facets({ filter: { ...all, ...filter } }))
}
await measure('page in the middle, nothing changed', async () => page({}, { by: 'name', descending: false }, 70_000))
await measure('datasets with balance', () => client.datasets.list())
await measure('labels with counts', () => client.labels.list({ dataset }))
await measure('label one clip', () => client.clips.setLabel({ clips: { dataset, ids: [ids[9]!] }, label: labels[Math.floor(Math.random() * labels.length)]!.id }))
await measure('undo of one', () => client.history.undo())
const request = (seed: number) => ({ group: 'speaker' as const, seed, validation: 0.1, test: { by: 'fraction' as const, fraction: 0.1 } })
let seed = 0
await measure('preview of a split by speaker', () => client.splits.preview({ dataset, request: request(++seed) }), 3)
rows.push(['the next preview', (await time(() => client.splits.preview({ dataset, request: request(++seed) })))[0], NaN])
rows.push(['preview by recording', (await time(() => client.splits.preview({ dataset, request: { ...request(1), group: null } })))[0], NaN])
await measure('split by speaker', () => client.splits.apply({ dataset, request: request(++seed) }), 3)
await client.history.undo()
rows.push(['undo of the split', (await time(() => client.history.undo()))[0], NaN])
rows.push(['redo of the split', (await time(() => client.history.redo()))[0], NaN])
rows.push(['label all 100,000', (await time(() => client.clips.setLabel({ clips: { filter: all, except: [] }, label: labels[0]!.id })))[0], NaN])
rows.push(['undo of it', (await time(() => client.history.undo()))[0], NaN])
rows.push(['page after it', (await time(() => page()))[0], NaN])
rows.push(['bin 50,000', (await time(() => client.clips.bin({ clips: { filter: { ...all, seconds: { from: 0.6, to: null } }, except: [] } })))[0], NaN])
rows.push(['duplicate the dataset', (await time(() => client.datasets.duplicate({ dataset })))[0], NaN])
rows.push(['undo of it', (await time(() => client.history.undo()))[0], NaN])
for (const [name, ms, most] of rows) console.log(`${name.padEnd(48)} ${ms.toFixed(1).padStart(8)} ms${Number.isNaN(most) ? '' : `   (most ${most.toFixed(1)})`}`)
port2.close()
if (kept < 0) rmSync(folder, { recursive: true, force: true })
process.exit(0)

/**
 * Import of FSDD's 3,000 files into a fresh library: walking, hashing, headers, copies flushed to the disk, rows.
 * Files are warm (read once before). Beside it the import again (nothing to add), linked instead of copied, and
 * a plain Python import that flushes nothing. Then lists and statistics over 100,000 clips.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLibrary, type Library } from '../src-main/catalog/index.ts'
import { datasetStats, importFolder, listClips, splitDataset, undo } from '../src-main/curation/index.ts'
import { unwrap } from '../src-main/kit/index.ts'
import { addClips } from '../tests/support/library.ts'
import { findFsdd } from './lib/fsdd.ts'
import { alternate, median } from './lib/measure.ts'
import { findPython, runPython } from './lib/python.ts'

const PAIRS = 5
const folder = mkdtempSync(join(tmpdir(), 'espectro-bench-import-'))
let made = 0
const fresh = () => join(folder, `library-${made++}`)

async function importOnce(library: Library, path: string, link: boolean): Promise<number> {
  const request = { path, dataset: 'fsdd', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' }, link } as const
  const report = unwrap(await importFolder(library, request))
  if (report.failed.length > 0) throw new Error(JSON.stringify(report.failed[0]))
  return report.seconds
}

async function inFresh(work: (library: Library) => Promise<number>): Promise<number> {
  const root = fresh()
  using library = unwrap(openLibrary(root))
  const seconds = await work(library)
  library.close()
  rmSync(root, { recursive: true, force: true })
  return seconds
}

try {
  const fsdd = findFsdd()
  if (fsdd) await benchImport(fsdd)
  benchCatalog()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function benchImport(fsdd: string): Promise<void> {
  const names = readdirSync(fsdd)
  for (const name of names) readFileSync(join(fsdd, name))
  const copy = () => inFresh((library) => importOnce(library, fsdd, false))
  const line = (what: string, seconds: number) =>
    console.log(`${what.padEnd(34)} ${seconds.toFixed(2)} s  ${Math.round(names.length / seconds)} files/s`)
  console.log(`first import (fresh process)        ${(await copy()).toFixed(2)} s`)

  const python = findPython(['soundfile'])
  if (python) {
    const peer = async () => {
      const target = fresh()
      const { seconds } = runPython<{ seconds: number }>(python, [join(import.meta.dirname, 'peers', 'import_folder.py'), fsdd, target])
      rmSync(target, { recursive: true, force: true })
      return seconds
    }
    const { a, b, ratio } = await alternate(PAIRS, copy, peer)
    line('import, copied and flushed', a)
    line('Python (soundfile), not flushed', b)
    console.log(`ratio Python / Espectro             ${ratio.toFixed(2)}`)
  } else {
    const times: number[] = []
    for (let i = 0; i < PAIRS; i++) times.push(await copy())
    line('import, copied and flushed', median(times))
  }
  const linked: number[] = []
  const again: number[] = []
  for (let i = 0; i < PAIRS; i++)
    await inFresh(async (library) => {
      linked.push(await importOnce(library, fsdd, true))
      again.push(await importOnce(library, fsdd, true))
      return 0
    })
  line('import, linked', median(linked))
  line('import again, nothing to add', median(again))
}

function benchCatalog(): void {
  using library = unwrap(openLibrary(fresh()))
  const clips = Array.from({ length: 100_000 }, (_, i) => ({ label: `${i % 35}`, speaker: `s${i % 2000}`, take: `${i % 50}` }))
  addClips(library, 'large', clips)
  const time = (what: string, work: () => unknown, times = 7) => {
    const measured = Array.from({ length: times }, () => {
      const start = performance.now()
      work()
      return performance.now() - start
    })
    console.log(`100,000 clips: ${what.padEnd(24)} ${median(measured).toFixed(1)} ms`)
  }
  time('a page of 200', () => unwrap(listClips(library, 'large', { afterId: 50_000, limit: 200 })))
  time('a page of one label', () => unwrap(listClips(library, 'large', { label: '7', limit: 200 })))
  time('all of one speaker', () => unwrap(listClips(library, 'large', { speaker: 's7' })))
  time('all of one label', () => unwrap(listClips(library, 'large', { label: '7' })))
  time('statistics', () => unwrap(datasetStats(library, 'large')))
  time('all as objects', () => unwrap(listClips(library, 'large')), 3)
  time('split by speaker', () => unwrap(splitDataset(library, 'large', { group: 'speaker' })), 1)
  time('undo of the split', () => unwrap(undo(library)), 1)
}

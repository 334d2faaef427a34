import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeWav } from '../../src-main/audio/index.ts'
import { checkLibrary, openLibrary, type Library } from '../../src-main/catalog/index.ts'
import { importFolder, listClips, listDatasets, listLabels } from '../../src-main/curation/index.ts'
import { hashFile, unwrap } from '../../src-main/kit/index.ts'
import { temporaryLibrary, type TemporaryLibrary } from '../support/library.ts'

const FILES = 6
const BATCH = 3
let t: TemporaryLibrary
let audio: string
let clean: unknown

/** What an import leaves, without what depends on the clock or on the order of the inserts. */
function content(library: Library) {
  return {
    labels: unwrap(listLabels(library, 'd')).map(({ name, position, shortcut, clips }) => ({ name, position, shortcut, clips })),
    clips: unwrap(listClips(library, 'd'))
      .map(({ source, label, recordingId, startSample, endSample }) => ({ source, label, recordingId, startSample, endSample }))
      .toSorted((a, b) => (a.source! < b.source! ? -1 : 1)),
  }
}

beforeAll(async () => {
  t = temporaryLibrary()
  audio = join(t.folder, 'audio')
  for (let i = 0; i < FILES; i++) {
    mkdirSync(join(audio, `w${i % 3}`), { recursive: true })
    writeFileSync(join(audio, `w${i % 3}`, `${i}.wav`), encodeWav(Float32Array.from({ length: 400 }, (_, n) => Math.sin(n * (i + 1) * 0.01)), 8000))
  }
  unwrap(await importFolder(t.library, { path: audio, dataset: 'd', labels: { from: 'folder' }, workers: 1 }))
  clean = content(t.library)
})
afterAll(() => t[Symbol.dispose]())

const child = join(import.meta.dirname, '..', 'support', 'import-child.ts')

function importIn(root: string, failPoint: string): Promise<{ signal: string | null; output: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [child, root, audio, String(BATCH)],
      { env: { ...process.env, ESPECTRO_FAIL_POINT: failPoint } },
      (error, stdout) => resolve({ signal: (error as NodeJS.ErrnoException & { signal?: string } | null)?.signal ?? null, output: stdout }),
    )
  })
}

/** The library that a failed import left: legal, its strays swept; a second import makes it equal to a clean one. */
async function expectRecovery(root: string): Promise<void> {
  using library = unwrap(openLibrary(root))
  const swept = unwrap(await checkLibrary(library, { sweep: true, deep: true, minimumAgeMs: 0 }))
  for (const problem of swept.problems) expect(['ORPHAN', 'TEMPORARY_FILE']).toContain(problem.code)
  expect(unwrap(await checkLibrary(library, { deep: true, minimumAgeMs: 0 })).problems).toEqual([])
  if (listDatasets(library).length > 0)
    for (const clip of unwrap(listClips(library, 'd'))) expect(await hashFile(clip.path)).toBe(clip.recordingId)
  const again = unwrap(await importFolder(library, { path: audio, dataset: 'd', labels: { from: 'folder' }, workers: 1 }))
  expect(again.added + again.duplicates).toBe(FILES)
  expect(again.failed).toEqual([])
  expect(content(library)).toEqual(clean)
  expect(unwrap(await checkLibrary(library, { deep: true, minimumAgeMs: 0 })).problems).toEqual([])
}

async function inFreshLibrary(name: string, work: (root: string) => Promise<void>): Promise<void> {
  const root = join(t.folder, name)
  await work(root)
  rmSync(root, { recursive: true, force: true })
}

describe('an import killed', () => {
  it.each([
    'media.write:1', 'media.write:5', 'media.sync:2', 'media.rename:1', 'media.rename:5', 'media.folder:1', 'import.rows:1',
    'import.rows:2', 'import.commit:1', 'import.commit:2', 'migrate.step:1',
  ])('at %s leaves a legal library, and importing again equals a clean import', async (point) => {
    await inFreshLibrary(`kill-${point.replace(/\W/g, '-')}`, async (root) => {
      const { signal } = await importIn(root, point)
      expect(signal).toBe('SIGKILL')
      await expectRecovery(root)
    })
  })
})

describe('an import whose disk is full', () => {
  // Every write; of the flushes and renames one in each batch and the last.
  const writes = Array.from({ length: FILES }, (_, i) => `media.write:${i + 1}:ENOSPC`)
  const others = ['media.sync', 'media.rename'].flatMap((point) => [1, 4, FILES].map((n) => `${point}:${n}:ENOSPC`))
  it.each([...writes, ...others, 'media.folder:1:EDQUOT'])('at %s stops with DISK_FULL and loses nothing', async (point) => {
    await inFreshLibrary(`full-${point.replace(/\W/g, '-')}`, async (root) => {
      const { signal, output } = await importIn(root, point)
      expect(signal).toBeNull()
      expect(JSON.parse(output)).toMatchObject({ code: 'DISK_FULL' })
      expect(readdirSync(root, { recursive: true }).filter((n) => String(n).endsWith('.espectro-tmp'))).toEqual([])
      await expectRecovery(root)
    })
  })

  it('for real (a small tmpfs) stops with DISK_FULL and stays readable', async (context) => {
    const disk = join(t.folder, 'disk')
    mkdirSync(disk)
    // Room for the catalog and some of the recordings.
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk]).status !== 0) context.skip('mounting a tmpfs needs root')
    try {
      const large = join(t.folder, 'large')
      mkdirSync(large)
      for (let i = 0; i < 30; i++)
        writeFileSync(join(large, `${i}.wav`), encodeWav(Float32Array.from({ length: 20_000 }, (_, n) => Math.sin(n * (i + 1) * 0.001)), 8000))
      using library = unwrap(openLibrary(join(disk, 'library')))
      const result = await importFolder(library, { path: large, dataset: 'd', labels: { from: 'none' }, workers: 1 }, { batchFiles: 5 })
      expect(result).toMatchObject({ ok: false, error: { code: 'DISK_FULL' } })
      const clips = unwrap(listClips(library, 'd'))
      expect(clips.length).toBeGreaterThan(0)
      expect(clips.length).toBeLessThan(30)
      for (const clip of clips) expect(await hashFile(clip.path)).toBe(clip.recordingId)
      expect(unwrap(await checkLibrary(library, { minimumAgeMs: 0 })).problems.filter((p) => p.code !== 'ORPHAN')).toEqual([])
    } finally {
      spawnSync('umount', [disk])
    }
  })
})

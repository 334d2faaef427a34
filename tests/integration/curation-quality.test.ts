import { rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDecodePool, encodeWav } from '../../src-main/audio/index.ts'
import {
  binClips, checkLeakage, clipQuality, createClipBrowser, createQualityJob, importFolder, keepBest, listClips, restoreClips, setLabel, setSplit,
  undo, type QualityFlag, type QualityJob,
} from '../../src-main/curation/index.ts'
import { createRandom, unwrap } from '../../src-main/kit/index.ts'
import { temporaryLibrary, type TemporaryLibrary } from '../support/library.ts'

const RATE = 8000
/** A rising and falling whistle of its own shape, in faint noise, with a pause before and behind. */
function word(seed: number, seconds = 0.6): Float32Array<ArrayBuffer> {
  const random = createRandom(seed)
  const [from, to, wobble] = [random.uniform(300, 1800), random.uniform(300, 1800), random.uniform(3, 20)]
  let phase = 0
  const length = Math.round(seconds * RATE)
  return Float32Array.from({ length }, (_, i) => {
    const t = i / length
    phase += (2 * Math.PI * (from + (to - from) * t + 100 * Math.sin(wobble * t * 6))) / RATE
    const envelope = t < 0.2 || t > 0.8 ? 0 : Math.sin((Math.PI * (t - 0.2)) / 0.6) ** 2
    return 0.4 * envelope * Math.sin(phase) + 0.0005 * random.normal()
  })
}

function write(t: TemporaryLibrary, name: string, samples: Float32Array, rate = RATE, format: 'int16' | 'float32' = 'int16'): void {
  const path = join(t.folder, 'audio', name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, encodeWav(samples, rate, format))
}
const bring = async (t: TemporaryLibrary) =>
  unwrap(await importFolder(t.library, { path: join(t.folder, 'audio'), dataset: 'd', labels: { from: 'folder' }, workers: 1 }))
const clipsOf = (t: TemporaryLibrary) => unwrap(listClips(t.library, 'd'))
const idOf = (t: TemporaryLibrary, source: string): number => clipsOf(t).find((c) => c.source === source)!.id
function flags(t: TemporaryLibrary): Record<string, QualityFlag[]> {
  const browser = createClipBrowser(t.library)
  const filter = { dataset: clipsOf(t)[0]!.datasetId, search: '', labels: [], splits: [], speakers: [], sessions: [], folders: [], reviews: [], quality: [], marks: [],
    seconds: { from: null, to: null }, binned: false,
  }
  return Object.fromEntries(browser.page(filter, { by: 'name', descending: false }, 0, 500).rows.filter((r) => r.flags.length > 0).map((r) => [r.name, [...r.flags]]))
}

function jobOf(t: TemporaryLibrary, onChange: (what: 'rows' | 'progress') => void = () => undefined): QualityJob {
  return createQualityJob(t.library, {
    makePool: () => createDecodePool({ workers: 1 }), onChange, delay: 5,
    onProblem: (problem) => {
      throw problem
    },
  })
}
async function settle(t: TemporaryLibrary): Promise<void> {
  await using job = jobOf(t)
  job.wake()
  await job.settled()
}

const cutOff = (): Float32Array => Float32Array.from({ length: RATE / 2 }, (_, i) => (i < 1000 || i > 3000 ? 0.001 * Math.sin(i) : Math.max(-1, Math.min(1, 3 * Math.sin((2 * Math.PI * 100 * i) / RATE)))))

/** Twenty-two good words and one of each kind of trouble. */
function writeTroubles(t: TemporaryLibrary): void {
  for (let i = 0; i < 22; i++) write(t, `good/${i}.wav`, word(i))
  write(t, 'bad/clipped.wav', cutOff())
  write(t, 'bad/silent.wav', new Float32Array(RATE / 2))
  write(t, 'bad/quiet.wav', word(101).map((x) => x / 200), RATE, 'float32')
  write(t, 'bad/offset.wav', word(102).map((x) => x + 0.1))
  write(t, 'bad/short.wav', word(103, 0.05))
  write(t, 'bad/long.wav', word(104, 6))
  const random = createRandom('noise')
  write(t, 'bad/noise.wav', word(105).map(() => 0.1 * random.normal()))
}

describe('quality of clips', () => {
  it('flags each kind of trouble with its number, and nothing else', async () => {
    using t = temporaryLibrary()
    writeTroubles(t)
    await bring(t)
    await settle(t)
    expect(flags(t)).toEqual({
      'bad/clipped.wav': ['clipped'], 'bad/silent.wav': ['silent'], 'bad/quiet.wav': ['quiet'], 'bad/offset.wav': ['dc-offset'],
      'bad/short.wav': ['short'], 'bad/long.wav': ['long'], 'bad/noise.wav': ['noisy'],
    })
    const reason = (name: string) => unwrap(clipQuality(t.library, idOf(t, name))).reasons[0]!
    // A low hum stays at full scale for many samples: all of them are counted.
    expect(reason('bad/clipped.wav')).toMatchObject({ flag: 'clipped', value: cutOff().filter((x) => Math.abs(x) >= 1).length })
    expect(reason('bad/offset.wav').value).toBeCloseTo(0.1, 3)
    expect(reason('bad/long.wav')).toMatchObject({ flag: 'long', value: 6 })
    expect(unwrap(clipQuality(t.library, idOf(t, 'good/3.wav')))).toMatchObject({ measured: true, problem: null, reasons: [], likes: [] })
  })

  it('says which file cannot be read, and looks at it again when it is back', async () => {
    using t = temporaryLibrary()
    write(t, 'a/1.wav', word(1))
    await bring(t)
    rmSync(clipsOf(t)[0]!.path)
    await settle(t)
    expect(flags(t)).toEqual({ 'a/1.wav': ['unreadable'] })
    expect(unwrap(clipQuality(t.library, clipsOf(t)[0]!.id)).problem).toContain('No such file')
  })

  it('goes on where it was stopped, by hand, by an import, and by the end of the program', async () => {
    using t = temporaryLibrary()
    for (let i = 0; i < 450; i++) write(t, `a/${i}.wav`, word(i, 0.2))
    await bring(t)
    const measured = () => t.library.catalog.get<{ n: number }>('SELECT count(*) AS n FROM clips WHERE quality IS NOT NULL')!.n
    {
      const seen: string[] = []
      await using job = jobOf(t, (what) => {
        if (what !== 'progress' || job.progress.state !== 'measuring' || seen.length > 0) return
        seen.push(`${job.progress.done} of ${job.progress.total}`)
        job.pause()
      })
      job.wake()
      await job.settled()
      expect(seen).toEqual(['200 of 450'])
      expect([job.progress.state, measured()]).toEqual(['paused', 200])
      const release = job.holdBack()
      job.resume()
      await job.settled()
      expect(measured()).toBe(200)
      release()
      release()
    }
    // Another program start.
    t.reopen()
    await settle(t)
    expect(measured()).toBe(450)
  })

  it('keeps what it computed through undo and redo of the import', async () => {
    using t = temporaryLibrary()
    writeTroubles(t)
    await bring(t)
    await settle(t)
    const before = flags(t)
    unwrap(undo(t.library))
    unwrap(t.library.catalog.redo())
    rmSync(join(t.root, 'media'), { recursive: true })
    await settle(t)
    expect(flags(t)).toEqual(before)
  })
})

describe('duplicates', () => {
  /** A word, the same samples in another file, a softer and later copy, and words of their own. */
  function writeCopies(t: TemporaryLibrary): void {
    const one = word(1)
    write(t, 'a/1.wav', one)
    write(t, 'a/2.wav', Float32Array.from(one, (x) => Math.round(x * 32768) / 32768), RATE, 'float32')
    write(t, 'a/3.wav', Float32Array.from({ length: one.length + 400 }, (_, i) => 0.3 * (one[i - 300] ?? 0)))
    for (let i = 4; i < 10; i++) write(t, `a/${i}.wav`, word(i))
  }

  it('are told from near duplicates, as long as they are not in the bin', async () => {
    using t = temporaryLibrary()
    writeCopies(t)
    await bring(t)
    await settle(t)
    const all = { 'a/1.wav': ['duplicate', 'near-duplicate'], 'a/2.wav': ['duplicate', 'near-duplicate'], 'a/3.wav': ['near-duplicate'] }
    expect(flags(t)).toEqual(all)
    expect(unwrap(clipQuality(t.library, idOf(t, 'a/1.wav'))).likes).toMatchObject([{ name: 'a/2.wav', same: true }, { name: 'a/3.wav', same: false }])
    const third = idOf(t, 'a/3.wav')
    unwrap(binClips(t.library, 'd', [third]))
    await settle(t)
    expect(flags(t)).toEqual({ 'a/1.wav': ['duplicate'], 'a/2.wav': ['duplicate'] })
    unwrap(restoreClips(t.library, 'd', [third]))
    await settle(t)
    expect(flags(t)).toEqual(all)
  })

  it('keeps the best of each group, in one undo, and leaves groups whose labels differ', async () => {
    using t = temporaryLibrary()
    writeCopies(t)
    await bring(t)
    await settle(t)
    const names = () => clipsOf(t).map((c) => c.source)
    const before = names()
    expect(unwrap(keepBest(t.library, 'd', 'same'))).toEqual({ binned: 1, groups: 1, disputed: 0 })
    expect(names()).toEqual(before.filter((n) => n !== 'a/2.wav'))
    unwrap(undo(t.library))
    expect(unwrap(keepBest(t.library, 'd', 'alike'))).toEqual({ binned: 2, groups: 1, disputed: 0 })
    expect(names()).not.toContain('a/3.wav')
    unwrap(undo(t.library))
    expect(names()).toEqual(before)
    unwrap(importOne(t))
    unwrap(setLabel(t.library, 'd', [idOf(t, 'a/3.wav')], 'b'))
    expect(unwrap(keepBest(t.library, 'd', 'alike'))).toEqual({ binned: 0, groups: 0, disputed: 1 })
  })
  const importOne = (t: TemporaryLibrary) => t.library.catalog.transact('label', (catalog) => {
    catalog.run("INSERT INTO labels (dataset_id, name, position, colour) SELECT id, 'b', 1, '#000000' FROM datasets")
    return { ok: true, value: undefined }
  })

  it('on two sides of a split are a warning', async () => {
    using t = temporaryLibrary()
    writeCopies(t)
    await bring(t)
    await settle(t)
    const ids = clipsOf(t).map((c) => c.id)
    unwrap(setSplit(t.library, 'd', ids, 'train'))
    expect(checkLeakage(clipsOf(t), ['train'])).toEqual([])
    unwrap(setSplit(t.library, 'd', [idOf(t, 'a/3.wav')], 'test'))
    expect(checkLeakage(clipsOf(t), ['train', 'test'])).toEqual([
      { code: 'NEAR_DUPLICATE_LEAK', message: '1 groups of clips that sound the same are in more than one split', examples: ['a/1.wav, a/2.wav, a/3.wav'] },
    ])
  })
})

import { copyFileSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeWav } from '../../src-main/audio/index.ts'
import { findRecording, mediaProblem } from '../../src-main/catalog/index.ts'
import { importFolder, listClips, listDatasets, listLabels, type ImportRequest } from '../../src-main/curation/index.ts'
import { hashFile, unwrap } from '../../src-main/kit/index.ts'
import { temporaryLibrary, type TemporaryLibrary } from '../support/library.ts'

/** A short tone; the pitch makes its bytes its own. */
function tone(hertz: number, seconds = 0.1, rate = 8000): Uint8Array {
  return encodeWav(Float32Array.from({ length: Math.round(seconds * rate) }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate)), rate)
}

function write(t: TemporaryLibrary, name: string, bytes: Uint8Array | string): string {
  const path = join(t.folder, 'audio', name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  return path
}

const run = async (t: TemporaryLibrary, request: Partial<ImportRequest> = {}) =>
  unwrap(await importFolder(t.library, { path: join(t.folder, 'audio'), dataset: 'd', labels: { from: 'folder' }, workers: 1, ...request }))
const clipsOf = (t: TemporaryLibrary) => unwrap(listClips(t.library, 'd'))

describe('importing a folder', () => {
  it('labels by folder, knows Speech Commands names, leaves noise without a label, and skips the rest', async () => {
    using t = temporaryLibrary()
    write(t, 'yes/004ae714_nohash_0.wav', tone(300))
    write(t, 'no/cc.wav', tone(400, 0.2, 16000))
    write(t, '_background_noise_/hum.wav', tone(50, 1))
    write(t, 'yes/notes.txt', 'not audio')
    write(t, 'yes/.hidden.wav', tone(1))
    write(t, '.git/x.wav', tone(2))
    const report = await run(t)
    expect(report).toMatchObject({ dataset: 'd', files: 3, added: 3, unlabelled: 1, recordings: 3, duplicates: 0, skipped: 1, failed: [], conflicts: [] })
    expect(unwrap(listLabels(t.library, 'd'))).toMatchObject([{ name: 'no', position: 0, clips: 1 }, { name: 'yes', position: 1, clips: 1 }])
    const clips = clipsOf(t)
    expect(clips.map((c) => c.source)).toEqual(['_background_noise_/hum.wav', 'no/cc.wav', 'yes/004ae714_nohash_0.wav'])
    expect(clips[1]).toMatchObject({ label: 'no', startSample: 0, endSample: 3200, sampleRate: 16000, seconds: 0.2, split: null })
    expect(clips[2]).toMatchObject({ label: 'yes', speaker: '004ae714', take: '0' })
    for (const clip of clips) expect(await hashFile(clip.path)).toBe(clip.recordingId)
  })

  it('labels by file name and counts what does not match', async () => {
    using t = temporaryLibrary()
    write(t, '10_ana_3.wav', tone(100))
    write(t, '2_bea_4.wav', tone(200))
    write(t, 'other.wav', tone(250))
    expect(await run(t, { labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' } })).toMatchObject({ added: 3, unlabelled: 1 })
    expect(unwrap(listLabels(t.library, 'd')).map((l) => l.name)).toEqual(['2', '10'])
    expect(clipsOf(t).map((c) => [c.label, c.speaker, c.take])).toEqual([['2', 'bea', '4'], ['10', 'ana', '3'], [null, null, null]])
  })

  it('labels spans by CSV, and names the line of each row that cannot be', async () => {
    using t = temporaryLibrary()
    write(t, 'a/long.wav', tone(100, 2))
    write(t, 'unnamed.wav', tone(101))
    writeFileSync(join(t.folder, 'outside.wav'), tone(102))
    write(t, 'broken.wav', 'this is text')
    const rows = [
      'file,label,start,end,split,mood', 'a/long.wav,yes,0,0.5,train,glad', 'a/long.wav,no,0.5,1,test,', 'a/long.wav,no,1.5,2.05,,',
      'a/long.wav,no,1.5,9,,', 'a/gone.wav,no,,,,', '../outside.wav,no,,,,', 'broken.wav,no,,,,', 'a/long.wav,yes,3,x,,',
    ]
    const csv = write(t, 'labels.csv', rows.join('\n'))
    const report = await run(t, { labels: { from: 'csv', csv } })
    expect(report).toMatchObject({ files: 2, added: 3, recordings: 1 })
    expect(clipsOf(t)).toMatchObject([
      { startSample: 0, endSample: 4000, label: 'yes', split: 'train', extra: { mood: 'glad' } },
      { startSample: 4000, endSample: 8000, label: 'no', split: 'test', extra: {} },
      { startSample: 12000, endSample: 16000, label: 'no', split: null },
    ])
    expect(report.failed.map((f) => [f.file, f.code, f.message.slice(0, 6)])).toEqual([
      ['labels.csv', 'INVALID', 'Line 9'],
      ['a/gone.wav', 'NOT_FOUND', 'Line 6'],
      ['../outside.wav', 'INVALID', 'Line 7'],
      ['broken.wav', 'AUDIO_UNSUPPORTED', expect.any(String)],
      ['a/long.wav', 'INVALID', 'Line 5'],
    ])
  })

  it('adds nothing the second time, keeps identical bytes once, and reports two labels for one sound', async () => {
    using t = temporaryLibrary()
    write(t, 'cat/a.wav', tone(100))
    write(t, 'cat/b.wav', tone(100))
    write(t, 'dog/c.wav', tone(100))
    const first = await run(t)
    expect(first).toMatchObject({ added: 1, recordings: 1, duplicates: 2 })
    expect(first.conflicts).toEqual([{ file: 'dog/c.wav', label: 'dog', existingLabel: 'cat', existingFile: 'cat/a.wav' }])
    const before = clipsOf(t)
    expect(await run(t)).toMatchObject({ added: 0, recordings: 0, duplicates: 3 })
    expect(clipsOf(t)).toEqual(before)
    expect(await run(t, { dataset: 'another' })).toMatchObject({ added: 1, recordings: 0 })
    expect(listDatasets(t.library).map((d) => [d.name, d.clips])).toEqual([['another', 1], ['d', 1]])
  })

  it('takes one file, labelled by the folder it is in', async () => {
    using t = temporaryLibrary()
    const path = write(t, 'bird/a.wav', tone(100))
    expect(await run(t, { path })).toMatchObject({ added: 1, files: 1 })
    expect(clipsOf(t)).toMatchObject([{ label: 'bird', source: 'a.wav' }])
  })

  it('follows links to files inside the folder only', async () => {
    using t = temporaryLibrary()
    const real = write(t, 'a/real.wav', tone(100))
    writeFileSync(join(t.folder, 'secret.wav'), tone(200))
    mkdirSync(join(t.folder, 'elsewhere'))
    copyFileSync(join(t.folder, 'secret.wav'), join(t.folder, 'elsewhere', 'x.wav'))
    mkdirSync(join(t.folder, 'audio', 'b'))
    symlinkSync(real, join(t.folder, 'audio', 'b', 'inside.wav'))
    symlinkSync(join(t.folder, 'secret.wav'), join(t.folder, 'audio', 'b', 'outside.wav'))
    symlinkSync(join(t.folder, 'elsewhere'), join(t.folder, 'audio', 'linked-folder'))
    symlinkSync(join(t.folder, 'audio'), join(t.folder, 'audio', 'circle'))
    expect(await run(t)).toMatchObject({ files: 2, added: 1, duplicates: 1, skipped: 3 })
  })

  it('refuses a wrong path, pattern, dataset name or CSV file before anything is changed', async () => {
    using t = temporaryLibrary()
    write(t, 'x.wav', tone(9))
    const attempt = async (request: Partial<ImportRequest>) =>
      importFolder(t.library, { path: join(t.folder, 'audio'), dataset: 'd', labels: { from: 'none' }, workers: 1, ...request })
    expect(await attempt({ path: join(t.folder, 'nowhere') })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(await attempt({ labels: { from: 'filename', pattern: '{x}' } })).toMatchObject({ ok: false, error: { code: 'USAGE' } })
    expect(await attempt({ labels: { from: 'csv', csv: join(t.folder, 'no.csv') } })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    for (const dataset of ['', ' d', 'a\nb', 'x'.repeat(101)])
      expect(await attempt({ dataset })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    expect(listDatasets(t.library)).toEqual([])
  })

  it('stops when told to, and goes on from there', async () => {
    using t = temporaryLibrary()
    for (let i = 0; i < 60; i++) write(t, `${i}.wav`, tone(100 + i, 0.01))
    const controller = new AbortController()
    const stopped = await importFolder(
      t.library,
      { path: join(t.folder, 'audio'), dataset: 'd', labels: { from: 'folder' }, workers: 1 },
      { signal: controller.signal, batchFiles: 20, onProgress: (p) => p.done > 0 && controller.abort() },
    )
    expect(stopped).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    const some = clipsOf(t).length
    expect(some).toBeLessThan(60)
    expect(await run(t)).toMatchObject({ added: 60 - some, duplicates: some, failed: [] })
  })

  it('is taken back whole by one undo', async () => {
    using t = temporaryLibrary()
    for (let i = 0; i < 20; i++) write(t, `${i % 3}/${i}.wav`, tone(100 + i, 0.01))
    unwrap(await importFolder(t.library, { path: join(t.folder, 'audio'), dataset: 'd', labels: { from: 'folder' }, workers: 1 }, { batchFiles: 6 }))
    expect(unwrap(t.library.catalog.undo())).toBe('import')
    expect(listDatasets(t.library)).toEqual([])
    unwrap(t.library.catalog.redo())
    expect(clipsOf(t)).toHaveLength(20)
  })
})

describe('linked recordings', () => {
  it('stay in their place; a changed or missing file is a clear error; a new import mends the link', async () => {
    using t = temporaryLibrary()
    const path = write(t, 'a/x.wav', tone(100))
    expect(await run(t, { link: true })).toMatchObject({ added: 1 })
    const clip = clipsOf(t)[0]!
    expect(clip.path).toBe(path)
    const recording = () => findRecording(t.library.catalog, clip.recordingId)!
    expect(mediaProblem(t.library, recording())).toBeNull()
    utimesSync(path, 1, 1)
    expect(mediaProblem(t.library, recording())).toMatchObject({ code: 'INVALID' })
    rmSync(path)
    expect(mediaProblem(t.library, recording())).toMatchObject({ code: 'NOT_FOUND' })
    const moved = write(t, 'b/moved.wav', tone(100))
    expect(await run(t, { link: true })).toMatchObject({ added: 0, duplicates: 1 })
    expect(clipsOf(t)[0]!.path).toBe(moved)
    rmSync(moved)
    write(t, 'c/again.wav', tone(100))
    expect(await run(t)).toMatchObject({ added: 0, duplicates: 1 })
    expect(clipsOf(t)[0]!.path).toContain(t.root)
    expect(mediaProblem(t.library, recording())).toBeNull()
  })

  it('a lost media file is put back by importing it again', async () => {
    using t = temporaryLibrary()
    write(t, 'a/x.wav', tone(100))
    await run(t)
    rmSync(clipsOf(t)[0]!.path)
    expect(await run(t)).toMatchObject({ added: 0, duplicates: 1 })
    expect(await hashFile(clipsOf(t)[0]!.path)).toBe(clipsOf(t)[0]!.recordingId)
  })
})

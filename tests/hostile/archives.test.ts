import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { importArchive, writeArchive } from '../../src-main/archive/index.ts'
import { createDecodePool, encodeWav, type DecodePool } from '../../src-main/audio/index.ts'
import { listClipRows, listLabelRows, openLibrary, type Library } from '../../src-main/catalog/index.ts'
import { binClips, changeLabel, importFolder, listDatasets, setReview, setSplit, undo } from '../../src-main/curation/index.ts'
import { hashBytes, unwrap } from '../../src-main/kit/index.ts'
import { tone, writeTones } from '../support/studio.ts'

const folder = mkdtempSync(join(tmpdir(), 'espectro-archive-'))
const archive = join(folder, 'words.espectro')
let pool: DecodePool
let source: Library

const library = (name: string): Library => unwrap(openLibrary(join(folder, name)))
const everythingIn = (lib: Library) => ({ datasets: listDatasets(lib).length, media: readdirSync(lib.folder.media, { recursive: true }).length, inbox: readdirSync(lib.folder.inbox).length })
/** What a clip is, without the numbers of its catalog. */
const portable = (lib: Library, dataset: number) =>
  listClipRows(lib.catalog, dataset).map(({ id: _id, datasetId: _dataset, nearGroup: _near, ...clip }) => clip).sort((a, b) => a.source!.localeCompare(b.source!))

beforeAll(async () => {
  pool = createDecodePool({ workers: 1 })
  writeTones(join(folder, 'recordings'), ['no', 'yes'], ['ana', 'luis'], 3)
  source = library('source')
  const { datasetId } = unwrap(await importFolder(source, { path: join(folder, 'recordings'), dataset: 'words', labels: { from: 'filename', pattern: '{label}_{speaker}_{take}' } }))
  const ids = listClipRows(source.catalog, datasetId).map((c) => c.id)
  unwrap(setSplit(source, 'words', ids.slice(0, 4), 'test'))
  unwrap(setReview(source, 'words', ids.slice(2, 5), 'accepted'))
  unwrap(binClips(source, 'words', ids.slice(-1)))
  unwrap(changeLabel(source, 'words', 'yes', { colour: '#123456', shortcut: 'j' }))
  await pipeline(unwrap(await writeArchive(source, 'words')), createWriteStream(archive))
})
afterAll(async () => {
  source.close()
  await pool[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

describe('a dataset as one file', () => {
  it('comes back with its labels, clips, splits and reviews, without what was in the bin, and can be undone', async () => {
    const other = library('other')
    const progress: number[] = []
    const report = unwrap(await importArchive(other, archive, { pool, onProgress: (p) => progress.push(p.done) }))
    expect(report).toMatchObject({ clips: 11, recordings: 11, dataset: { name: 'words' } })
    expect(progress).toEqual(Array.from({ length: 11 }, (_, i) => i + 1))
    expect(portable(other, report.dataset.id)).toEqual(portable(source, 1))
    const looks = (lib: Library, id: number) => listLabelRows(lib.catalog, id).map(({ name, colour, shortcut, position }) => ({ name, colour, shortcut, position }))
    expect(looks(other, report.dataset.id)).toEqual(looks(source, 1))
    expect(everythingIn(other).inbox).toBe(0)
    // A second time it is a dataset of its own, and no recording is stored twice.
    expect(unwrap(await importArchive(other, archive, { pool }))).toMatchObject({ recordings: 0, dataset: { name: 'words (2)' } })
    unwrap(undo(other))
    unwrap(undo(other))
    expect(listDatasets(other)).toEqual([])
    other.close()
  })

  it('is not written where a recording is missing', async () => {
    const broken = library('broken')
    unwrap(await importFolder(broken, { path: join(folder, 'recordings'), dataset: 'w', labels: { from: 'none' } }))
    const clip = listClipRows(broken.catalog, 1)[0]!
    rmSync(broken.mediaPath({ id: clip.recordingId, extension: clip.extension, linkedPath: null }))
    expect(await writeArchive(broken, 'w')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND', file: expect.stringContaining(clip.recordingId) } })
    broken.close()
  })

  it('stops when it is told to and leaves nothing', async () => {
    const other = library('stopped')
    const before = everythingIn(other)
    const controller = new AbortController()
    const result = await importArchive(other, archive, { pool, signal: controller.signal, onProgress: ({ done }) => done === 3 && controller.abort() })
    expect(result).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    expect(everythingIn(other)).toEqual(before)
    other.close()
  })
})

const sound = Buffer.from(encodeWav(tone(440, 0.5), 8000))
const id = hashBytes(sound)
const recording = { id, extension: 'wav', originalName: 'tone.wav', bytes: sound.length }
const clip = { recording: id, label: 'a', start_sample: 0, end_sample: 4000, source: 'tone.wav', review: 'new', extra: '{}', created_at: '2026-01-01T00:00:00Z' }
const labels = [{ name: 'a', position: 0, colour: '#112233', shortcut: null }]
const manifest = (more: object = {}) => ({ format: 'espectro-archive', version: 1, schema: 1, dataset: { name: 'x', labels, clips: 1 }, recordings: [recording], ...more })
type Part = readonly [string, Buffer | string]
const parts = (manifested: unknown = manifest(), clips: readonly object[] = [clip], audio: Buffer = sound): Part[] => [
  ['espectro.json', JSON.stringify(manifested)], ['clips.jsonl', clips.map((c) => `${JSON.stringify(c)}\n`).join('')], [`recordings/${id}.wav`, audio],
]

describe('an archive from anywhere', () => {
  async function pack(entries: readonly Part[], change: (bytes: Buffer) => Buffer = (b) => b): Promise<string> {
    const path = join(folder, `${hashBytes(JSON.stringify(entries.map(([n, d]) => [n, d.length])) + change)}.espectro`)
    const zip = new ZipFile()
    for (const [name, data] of entries) zip.addBuffer(Buffer.from(data), name)
    zip.end()
    await pipeline(zip.outputStream, createWriteStream(path))
    writeFileSync(path, change(readFileSync(path)))
    return path
  }
  /** Names that the writer refuses to write are put in afterwards; they must be as long as those they replace. */
  const renamed = (from: string, to: string) => (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1')

  it('is taken where everything fits', async () => {
    const lib = library('fits')
    expect(unwrap(await importArchive(lib, await pack(parts()), { pool }))).toMatchObject({ clips: 1, recordings: 1 })
    lib.close()
  })

  const stranger = 'recordings/extra.bin'
  const cases: [string, () => Promise<string>][] = [
    ['text that is no archive', async () => join(folder, 'text.espectro')],
    ['an archive that is cut', async () => pack(parts(), (b) => b.subarray(0, b.length - 40))],
    ['no manifest', () => pack(parts().slice(1))],
    ['no clips', () => pack([parts()[0]!, parts()[2]!])],
    ['a recording that is missing', () => pack(parts().slice(0, 2))],
    ['an entry that should not be there', () => pack([...parts(), [stranger, 'x']])],
    ['a path that leads out', () => pack([...parts(), [stranger, 'x']], renamed(stranger, '../../../../x/evil.sh'.slice(0, stranger.length)))],
    ['an absolute path', () => pack([...parts(), [stranger, 'x']], renamed(stranger, '/tmp/evil/evil/evil.x'.slice(0, stranger.length)))],
    ['backslashes', () => pack([...parts(), [stranger, 'x']], renamed(stranger, '..\\..\\evil\\evil\\evil'.slice(0, stranger.length)))],
    ['an entry that is there twice', () => pack([...parts(), ['clips.jsonm', 'x']], renamed('clips.jsonm', 'clips.jsonl'))],
    ['a manifest that is no JSON', () => pack([['espectro.json', '{'], ...parts().slice(1)])],
    ['a manifest with more than it should have', () => pack(parts({ ...manifest(), path: '/etc' }))],
    ['a hash that is a path', () => pack(parts({ ...manifest(), recordings: [{ ...recording, id: `${'../'.repeat(21)}x` }] }))],
    ['an extension that is a path', () => pack(parts({ ...manifest(), recordings: [{ ...recording, extension: '/../x' }] }))],
    ['a newer schema', () => pack(parts({ ...manifest(), schema: 9999 }))],
    ['another version', () => pack(parts({ ...manifest(), version: 2 }))],
    ['bytes that are not those of their hash', () => pack(parts(manifest(), [clip], Buffer.from(encodeWav(tone(441, 0.5), 8000))))],
    ['a recording of another size', () => pack(parts(manifest({ recordings: [{ ...recording, bytes: sound.length + 1 }] })))],
    ['a clip of a recording that is not there', () => pack(parts(manifest(), [{ ...clip, recording: 'f'.repeat(64) }]))],
    ['a clip past the end', () => pack(parts(manifest(), [{ ...clip, end_sample: 4001 }]))],
    ['a clip with a label that is not there', () => pack(parts(manifest(), [{ ...clip, label: 'b' }]))],
    ['a clip whose review is nonsense', () => pack(parts(manifest(), [{ ...clip, review: 'perhaps' }]))],
    ['a column that is SQL', () => pack(parts(manifest(), [{ ...clip, 'x) values (1); drop table clips; --': 1 }]))],
    ['fewer clips than it says', () => pack(parts(manifest(), []))],
    ['a dataset whose name is not one', () => pack(parts({ ...manifest(), dataset: { name: ' \u0000', labels, clips: 1 } }))],
    ['a bomb', () => pack(parts({ ...manifest(), padding: ' '.repeat(64 * 2 ** 20) }))],
    ['sound that is none', () => {
      const bytes = Buffer.from('not a sound at all')
      const other = hashBytes(bytes)
      return pack([['espectro.json', JSON.stringify(manifest({ recordings: [{ ...recording, id: other, bytes: bytes.length }] }))], ['clips.jsonl', `${JSON.stringify({ ...clip, recording: other })}\n`], [`recordings/${other}.wav`, bytes]])
    }],
  ]

  it.each(cases)('%s is refused, and nothing changes', async (_name, make) => {
    writeFileSync(join(folder, 'text.espectro'), 'this is text')
    const path = await make()
    const lib = library('careful')
    const before = everythingIn(lib)
    const outside = readdirSync(folder)
    const result = await importArchive(lib, path, { pool })
    expect(result.ok).toBe(false)
    if (!result.ok) {
      expect(['INVALID', 'AUDIO_CORRUPT', 'AUDIO_UNSUPPORTED']).toContain(result.error.code)
      expect(result.error.message.length).toBeGreaterThan(20)
    }
    const after = everythingIn(lib)
    expect(after.datasets).toBe(before.datasets)
    expect(after.inbox).toBe(0)
    expect(readdirSync(folder)).toEqual(outside)
    expect(existsSync('/tmp/evil')).toBe(false)
    lib.close()
  })

  it('a file that is not there says so', async () => {
    const lib = library('careful')
    expect(await importArchive(lib, join(folder, 'none.espectro'), { pool })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    lib.close()
  })
})

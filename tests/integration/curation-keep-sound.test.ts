import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createDecodePool, encodeWav } from '../../src-main/audio/index.ts'
import { keepSound, listClips, listDatasets, undo } from '../../src-main/curation/index.ts'
import { hashBytes, hashFile, unwrap } from '../../src-main/kit/index.ts'
import { temporaryLibrary } from '../support/library.ts'

const sound = (hertz: number) => encodeWav(Float32Array.from({ length: 4000 }, (_, i) => 0.5 * Math.sin((hertz * i) / 1000)), 8000)

describe('keeping a sound', () => {
  it('makes a recording and a clip of it, in one undo, and leaves nothing in the inbox', async () => {
    using t = temporaryLibrary()
    await using pool = createDecodePool({ workers: 1 })
    const take = { dataset: 'mine', label: 'siete', speaker: 'ana', session: 'monday', take: '3' }
    const kept = unwrap(await keepSound(t.library, pool, { ...take, bytes: sound(300), name: 'siete_ana_3.wav' }))
    expect(kept).toMatchObject({ recording: hashBytes(sound(300)), added: true })
    const [clip] = unwrap(listClips(t.library, 'mine'))
    expect(clip).toMatchObject({ id: kept.clip, label: 'siete', speaker: 'ana', session: 'monday', take: '3', source: 'siete_ana_3.wav', seconds: 0.5 })
    expect(await hashFile(clip!.path)).toBe(kept.recording)
    // The very same sound again is the same clip.
    expect(unwrap(await keepSound(t.library, pool, { ...take, bytes: sound(300), name: 'again.wav' }))).toMatchObject({ clip: kept.clip, added: false })
    unwrap(await keepSound(t.library, pool, { ...take, bytes: sound(400), name: 'next.wav' }))
    expect(unwrap(undo(t.library))).toBe('record')
    expect(unwrap(listClips(t.library, 'mine'))).toHaveLength(1)
    unwrap(undo(t.library))
    expect(listDatasets(t.library)).toEqual([])
    expect(readdirSync(t.library.folder.inbox)).toEqual([])
  })

  it('refuses what is no sound, and names that nobody can have, and changes nothing', async () => {
    using t = temporaryLibrary()
    await using pool = createDecodePool({ workers: 1 })
    const good = { bytes: sound(300), name: 'a.wav', dataset: 'mine', label: 'x' }
    expect(await keepSound(t.library, pool, { ...good, bytes: new Uint8Array(10) })).toMatchObject({ ok: false, error: { code: 'AUDIO_UNSUPPORTED' } })
    expect(await keepSound(t.library, pool, { ...good, bytes: encodeWav(new Float32Array(0), 8000) })).toMatchObject({ ok: false, error: { code: 'AUDIO_EMPTY' } })
    expect(await keepSound(t.library, pool, { ...good, dataset: ' ' })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    expect(listDatasets(t.library)).toEqual([])
    expect(readdirSync(t.library.folder.inbox)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { defaultLibraryFolder, mediaExtension, SCHEMA_VERSION } from '../../../src-main/catalog/index.ts'
import { mediaFile, libraryFolder } from '../../../src-main/catalog/folder.ts'
import { migrations } from '../../../src-main/catalog/migrations/index.ts'

describe('the library folder', () => {
  it.each([
    ['linux', {}, '/home/ana/.local/share/espectro'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/espectro'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ana/.local/share/espectro'],
    ['linux', { XDG_DATA_HOME: '' }, '/home/ana/.local/share/espectro'],
    ['darwin', {}, '/home/ana/Library/Application Support/Espectro'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/Espectro'],
    ['win32', {}, '/home/ana/AppData/Roaming/Espectro'],
  ] as const)('is found on %s with %j', (platform, env, expected) => {
    expect(defaultLibraryFolder(platform, env, '/home/ana').replaceAll('\\', '/')).toBe(expected)
  })

  it('keeps plain extensions only', () => {
    expect(['a.WAV', 'b.tar.Flac', 'c', 'd.', 'e.m/a', 'f.longerthan8', 'g.x y'].map(mediaExtension)).toEqual(
      ['wav', 'flac', 'bin', 'bin', 'bin', 'bin', 'bin'],
    )
  })

  it('does not follow a catalog that names a file elsewhere', () => {
    const folder = libraryFolder('/library')
    expect(mediaFile(folder, 'ab'.repeat(32), 'wav')).toBe(`/library/media/ab/${'ab'.repeat(32)}.wav`)
    expect(() => mediaFile(folder, '../../../etc/passwd', 'x')).toThrow(/leaves its folder/)
  })

  it('numbers its migrations without gaps', () => {
    expect(migrations.map((m) => m.version)).toEqual(migrations.map((_, i) => i + 1))
    expect(SCHEMA_VERSION).toBe(migrations.length)
  })
})

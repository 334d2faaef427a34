import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../../src-main/curation/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'

const match = (pattern: string, path: string) => unwrap(compilePattern(pattern)).match(path)

describe('file-name patterns', () => {
  it.each([
    ['{label}_{speaker}_{take}', 'recordings/7_george_12.wav', { label: '7', speaker: 'george', take: '12' }],
    ['{label}_{speaker}_{take}', '7_george.wav', null],
    ['{label}_{speaker}_{take}', 'no_entry_george_3.wav', null],
    ['{label}_{speaker}_{take}', '__3.wav', null],
    ['{speaker}_nohash_{take}', 'yes/004ae714_nohash_0.wav', { speaker: '004ae714', take: '0' }],
    ['{label}/{speaker}_nohash_{take}', 'root/yes/004ae714_nohash_0.wav', { label: 'yes', speaker: '004ae714', take: '0' }],
    ['{label}/{speaker}_nohash_{take}', '004ae714_nohash_0.wav', null],
    ['{label}-{*}', 'cat-1-2-3.flac', { label: 'cat' }],
    ['{*}-{label}', 'a-b-cat.flac', { label: 'cat' }],
    ['{label}{*}', 'x.wav', 'USAGE'],
    ['{speaker}/{session}/{label}.{take}', 'top/ana/s1/si.04.ogg', { speaker: 'ana', session: 's1', label: 'si', take: '04' }],
    ['digit {label} (take {take})', 'digit 5 (take 9).wav', { label: '5', take: '9' }],
    ['{label}', 'niño.wav', { label: 'niño' }],
    ['{label}.*', 'a.b.wav', null],
    ['{label}_', '_.wav', null],
  ])('%s on %s', (pattern, path, expected) => {
    if (typeof expected === 'string') expect(compilePattern(pattern)).toMatchObject({ ok: false, error: { code: expected } })
    else expect(match(pattern, path)).toEqual(expected)
  })

  it.each([
    ['', 'no field'],
    ['name', 'no field'],
    ['{*}', 'no field'],
    ['{label', 'not closed'],
    ['label}', 'without its "{"'],
    ['{word}', '{word}'],
    ['{label}{speaker}', 'side by side'],
    ['{label}_{label}', 'twice'],
    [`{label}${'_'.repeat(300)}`, 'longer'],
  ])('refuses %j and says why', (pattern, reason) => {
    const result = compilePattern(pattern)
    expect(result).toMatchObject({ ok: false, error: { code: 'USAGE' } })
    if (!result.ok) expect(result.error.message).toContain(reason)
  })

  it('tries each place once, however many wildcards the pattern has', () => {
    const pattern = unwrap(compilePattern(`${'{*}a'.repeat(45)}-{label}`))
    // A backtracking matcher would need more steps than there are atoms for this.
    expect(pattern.match(`${'a'.repeat(2000)}.wav`)).toBeNull()
    expect(pattern.match(`${'a'.repeat(200)}-yes.wav`)).toEqual({ label: 'yes' })
  })

  it('marks where in the path each field stands', () => {
    const path = 'top/yes/004ae714_nohash_0.wav'
    const marks = unwrap(compilePattern('{label}/{speaker}_nohash_{take}')).marks(path)
    expect(marks.map(({ field, start, end }) => [field, path.slice(start, end)])).toEqual([['label', 'yes'], ['speaker', '004ae714'], ['take', '0']])
    expect(unwrap(compilePattern('{label}-{take}')).marks(path)).toEqual([])
  })
})

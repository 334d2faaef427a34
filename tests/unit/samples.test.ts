import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '..', '..', 'resources', 'samples')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.opus'))
  .map((name) => name.replaceAll('\\', '/'))
const rows = readFileSync(join(folder, 'clips.csv'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(','))

describe('the sample set', () => {
  it('has every digit in both languages, from twelve speakers, five takes each', () => {
    const count = new Map<string, number>()
    for (const file of files) {
      const [, language, label, name, speaker, take] = /^(digits-..)\/(\w+)\/(\w+?)_([a-z0-9-]+)_(\d)\.opus$/.exec(file) ?? []
      expect(name, file).toBe(label)
      expect(Number(take)).toBeLessThan(5)
      for (const key of [language!, `${language} ${label}`, `${language} by ${speaker}`]) count.set(key, (count.get(key) ?? 0) + 1)
    }
    const of = (pattern: RegExp) => [...count].filter(([key]) => pattern.test(key)).map(([, n]) => n)
    expect(of(/^digits-..$/)).toEqual([600, 600])
    expect(of(/^digits-.. \w+$/)).toEqual(Array(20).fill(60))
    expect(of(/ by /)).toEqual(Array(24).fill(50))
  })

  it('is listed in clips.csv, file by file', () => {
    const [header, ...clips] = rows
    expect(header!.slice(0, 4)).toEqual(['file', 'label', 'speaker', 'take'])
    expect(clips.map(([file]) => file).sort()).toEqual([...files].sort())
    for (const [file, label, speaker, take] of clips) expect(file).toContain(`/${label}/${label}_${speaker}_${take}.opus`)
  })

  it('is small: under 4 MB in all, every file a few kilobytes of Ogg Opus', () => {
    const sizes = files.map((file) => statSync(join(folder, file)).size)
    expect(sizes.reduce((a, b) => a + b)).toBeLessThan(4_000_000)
    expect(Math.max(...sizes)).toBeLessThan(4_000)
    const first = readFileSync(join(folder, files[0]!))
    expect(first.toString('latin1', 0, 4)).toBe('OggS')
    expect(first.toString('latin1', 28, 36)).toBe('OpusHead')
    expect(first.readUInt32LE(40)).toBe(16_000)
  })
})

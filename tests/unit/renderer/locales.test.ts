import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeTexts, type Texts } from '../../../src-renderer/locales/merge-texts.ts'

const folder = join(import.meta.dirname, '..', '..', '..', 'src-renderer')
const read = (locale: string): Map<string, string> => {
  const flat = new Map<string, string>()
  const walk = (texts: Texts, above: string): void => {
    for (const [key, value] of Object.entries(texts)) {
      if (typeof value === 'string') flat.set(above + key, value)
      else walk(value, `${above}${key}.`)
    }
  }
  const areas = readdirSync(join(folder, 'locales', locale)).sort()
  walk(mergeTexts(areas.map((area) => JSON.parse(readFileSync(join(folder, 'locales', locale, area), 'utf8')) as Texts)), '')
  return flat
}
const en = read('en')
const es = read('es')
const placeholders = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!))].sort()

describe('texts', () => {
  it('are all there in both languages, with the same places and the same number of plural forms', () => {
    expect([...es.keys()]).toEqual([...en.keys()])
    for (const [key, text] of en) {
      expect(placeholders(es.get(key)!), key).toEqual(placeholders(text))
      expect(es.get(key)!.split('|').length, key).toBe(text.split('|').length)
    }
  })

  it('none is empty or left untranslated by mistake', () => {
    const alike = new Set(['nav.editor', 'commandGroup.general', 'commandGroup.clips', 'clips.table', 'editor.clipsTitle', 'spectrogram.windows.hann', 'spectrogram.windows.hamming', 'spectrogram.windows.blackman', 'spectrogram.windows.rectangular', 'spectrogram.maps.viridis', 'spectrogram.maps.magma', 'spectrogram.maps.cividis', ...['relu', 'silu', 'gelu'].flatMap((a) => [`architecture.activations.${a}`, `architecture.type.${a}`]), 'architecture.type.lstm'])
    for (const [key, text] of en) {
      // The compiler of the texts refuses an empty plural form, and only when it is shown.
      for (const form of [...text.split('|'), ...es.get(key)!.split('|')]) expect(form.trim(), key).not.toBe('')
      if (/\p{L}{4}/u.test(text.replace(/\{\w+\}/g, '')) && !alike.has(key)) expect(es.get(key), key).not.toBe(text)
    }
  })

  it('every key that the sources name is there, and none is left over', () => {
    const sources = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && /\.(vue|ts)$/.test(e.name))
      .map((e) => readFileSync(join(e.parentPath, e.name), 'utf8'))
      .join('\n')
    const named = [...sources.matchAll(/[^\w.](?:\$t|t|i18n\.global\.t)\(\s*'([\w.]+)'/g)].map((m) => m[1]!)
    expect(named.length).toBeGreaterThan(40)
    for (const key of named) expect(en.has(key), key).toBe(true)
    // Keys made of parts: `command.${id}`.
    const made = [...sources.matchAll(/`([\w.]+\.)\$\{/g)].map((m) => m[1]!)
    const unused = [...en.keys()].filter((key) => !sources.includes(`'${key}'`) && !made.some((start) => key.startsWith(start)))
    expect(unused).toEqual([])
  })
})

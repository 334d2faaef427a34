import { createI18n } from 'vue-i18n'
import { mergeTexts, type Texts } from './merge-texts.ts'

export type Locale = 'en' | 'es'

/** One file an area and a language: `en/library.json`. */
const files: Readonly<Record<string, Texts>> = import.meta.glob<Texts>('./*/*.json', { eager: true, import: 'default' })
const texts = (locale: Locale): Texts =>
  mergeTexts(Object.keys(files).filter((path) => path.startsWith(`./${locale}/`)).sort().map((path) => files[path]!))

export const i18n = createI18n<[Texts], Locale, false>({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: { en: texts('en'), es: texts('es') },
})

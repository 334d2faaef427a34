import { useMediaQuery } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { i18n, type Locale } from '@/locales/i18n.ts'

export type ThemeChoice = 'system' | 'dark' | 'light'
const THEMES: readonly ThemeChoice[] = ['system', 'dark', 'light']

const stored = <T extends string>(key: string, allowed: readonly T[], otherwise: T): T => {
  const value = localStorage.getItem(key) as T | null
  return value !== null && allowed.includes(value) ? value : otherwise
}

/** What belongs to this window rather than to the library. */
export const useSettings = defineStore('settings', () => {
  const theme = ref(stored('espectro.theme', THEMES, 'system'))
  const locale = ref<Locale>(stored('espectro.locale', ['en', 'es'], navigator.language.startsWith('es') ? 'es' : 'en'))
  const autoplay = ref(stored('espectro.autoplay', ['on', 'off'], 'off') === 'on')

  const systemIsLight = useMediaQuery('(prefers-color-scheme: light)')
  const shownTheme = computed(() => (theme.value === 'system' ? (systemIsLight.value ? 'light' : 'dark') : theme.value))
  watch(shownTheme, (shown) => (document.documentElement.dataset['theme'] = shown), { immediate: true })
  watch(theme, (value) => localStorage.setItem('espectro.theme', value))
  watch(locale, (value) => {
    i18n.global.locale.value = value
    document.documentElement.lang = value
    localStorage.setItem('espectro.locale', value)
  }, { immediate: true })
  watch(autoplay, (value) => localStorage.setItem('espectro.autoplay', value ? 'on' : 'off'))

  return {
    theme,
    shownTheme,
    locale,
    autoplay,
    toggleTheme: () => {
      theme.value = shownTheme.value === 'dark' ? 'light' : 'dark'
    },
    toggleLocale: () => {
      locale.value = locale.value === 'en' ? 'es' : 'en'
    },
  }
})

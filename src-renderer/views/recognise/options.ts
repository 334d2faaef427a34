import { useLocalStorage } from '@vueuse/core'
import type { ListenOptions } from '@contract'

export const DEFAULT_OPTIONS: ListenOptions = { mode: 'sounds', hop: 0.02, smoothing: 8, smoothings: {}, threshold: 0.4, thresholds: {}, refractory: 0.25, gate: 9 }

/** How this window listens; kept between visits. What an older version stored is completed by the defaults. */
export const useListenOptions = () => useLocalStorage<ListenOptions>('espectro.listen', { ...DEFAULT_OPTIONS }, { mergeDefaults: true })

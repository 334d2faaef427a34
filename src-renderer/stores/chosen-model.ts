import { useLocalStorage, type RemovableRef } from '@vueuse/core'

/** The id of the model that recognises; empty for the newest. */
export const chosenModel = (): RemovableRef<string> => useLocalStorage('espectro.listen.model', '')

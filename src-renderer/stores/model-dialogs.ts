import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** The one dialog on models that is open, from whichever view. */
export type ModelDialog =
  /** Exports of a run. */
  | { readonly kind: 'export'; readonly run: string; readonly name: string }
  /** The models of the library, one of them shown. */
  | { readonly kind: 'models'; readonly model: string | null }
  /** A network from elsewhere, whose file lies in a place. */
  | { readonly kind: 'network'; readonly place: string; readonly file: string }

export const useModelDialogs = defineStore('model-dialogs', () => {
  const open = shallowRef<ModelDialog | null>(null)
  return {
    open,
    show: (dialog: ModelDialog): void => void (open.value = dialog),
    exportRun: (run: string, name: string): void => void (open.value = { kind: 'export', run, name }),
    close: (): void => void (open.value = null),
  }
})

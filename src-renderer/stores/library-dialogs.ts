import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ImportOrigin } from '@/views/library/folder-drop.ts'

/** The one dialog that is open in the Library, and what it is about. */
export type LibraryDialog =
  | { readonly kind: 'import'; readonly origin: ImportOrigin }
  | { readonly kind: 'label' | 'merge-label' | 'remove-label'; readonly label: number }
  | { readonly kind: 'rename-dataset' | 'export'; readonly dataset: number }
  | { readonly kind: 'rename-filter'; readonly filter: number }
  | { readonly kind: 'new-dataset' | 'split' | 'empty-bin' | 'save-filter' | 'speaker' | 'move' }

export const useLibraryDialogs = defineStore('library-dialogs', () => {
  const open = shallowRef<LibraryDialog | null>(null)
  return {
    open,
    show: (dialog: LibraryDialog): void => void (open.value = dialog),
    close: (): void => void (open.value = null),
  }
})

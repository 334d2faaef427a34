import { useEventListener } from '@vueuse/core'
import { ref, type Ref } from 'vue'
import type { LabelSource } from '@contract'
import { droppedFiles } from '@/client/local-files.ts'
import type { LocalFile } from '@/client/upload.ts'
import { useToasts } from '@/stores/toasts.ts'

/** Where recordings come from: a folder that the program knows by a token, or files that are sent to it. */
export type ImportOrigin = { readonly place: string; readonly labels?: LabelSource } | { readonly files: readonly LocalFile[] } | null

/**
 * What is dropped on the window opens the import dialog. The desktop window learns where a dropped folder lies;
 * a browser never tells, so there the files are sent.
 */
export function useFolderDrop(open: (origin: ImportOrigin) => void): { over: Ref<boolean> } {
  const over = ref(false)
  const toasts = useToasts()
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
  useEventListener(window, 'dragover', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    over.value = true
  })
  useEventListener(window, 'dragleave', (event) => {
    if (event.relatedTarget === null) over.value = false
  })
  useEventListener(window, 'drop', async (event) => {
    if (!hasFiles(event) || !event.dataTransfer) return
    event.preventDefault()
    over.value = false
    const [first, ...others] = [...event.dataTransfer.files]
    // Both questions must be asked before the event is over.
    const [known, reading] = [first && others.length === 0 ? window.espectro?.droppedFolder(first) : undefined, droppedFiles(event.dataTransfer)]
    try {
      const place = await known
      open(place ? { place } : { files: await reading })
    } catch (cause) {
      toasts.error(cause)
    }
  })
  return { over }
}

import { useEventListener } from '@vueuse/core'
import { ref, type Ref } from 'vue'
import { useToasts } from '@/stores/toasts.ts'
import { i18n } from '@/locales/i18n.ts'

/**
 * A folder dropped on the window opens the import dialog at it. Only the desktop window learns where a dropped
 * folder lies; a browser never tells, so there the dialog opens and says so.
 */
export function useFolderDrop(open: (place: string | null) => void): { over: Ref<boolean> } {
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
    if (!hasFiles(event)) return
    event.preventDefault()
    over.value = false
    const file = event.dataTransfer?.files[0]
    const place = (file && (await window.espectro?.droppedFolder(file))) ?? null
    if (place === null) toasts.done(i18n.global.t(window.espectro ? 'import.notAFolder' : 'import.browserDrop'))
    open(place)
  })
  return { over }
}

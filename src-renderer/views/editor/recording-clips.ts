import { computed, ref, shallowReactive, watch, type ComputedRef } from 'vue'
import type { Clip } from '@contract'
import { isStopped } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { useEditor } from '@/stores/editor.ts'
import { useLibrary } from '@/stores/library.ts'
import { useToasts } from '@/stores/toasts.ts'

export interface RecordingClips {
  readonly total: ComputedRef<number>
  at(index: number): Clip | undefined
  /** Rows that are in sight. */
  see(first: number, last: number): void
}

const PAGE = 100

/** The clips of the recording in the editor, in pages as they are seen, and again whenever a row changes. */
export function useRecordingClips(): RecordingClips {
  const client = useClient()
  const editor = useEditor()
  const library = useLibrary()
  const toasts = useToasts()
  const pages = shallowReactive(new Map<number, readonly Clip[]>())
  const asked = new Set<number>()
  const total = ref(0)
  let question = 0
  let shown = { first: 0, last: 0 }

  async function load(page: number): Promise<void> {
    const { dataset, recording } = editor
    if (dataset === null || recording === null || asked.has(page)) return
    asked.add(page)
    const mine = question
    try {
      const answer = await client.recordings.clips({ dataset, recording: recording.id, offset: page * PAGE, limit: PAGE })
      if (mine !== question) return
      total.value = answer.total
      pages.set(page, answer.clips)
    } catch (cause) {
      if (mine === question && !isStopped(cause)) toasts.error(cause)
    }
  }
  function see(first: number, last: number): void {
    shown = { first, last }
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) void load(page)
  }
  const reload = (): void => {
    question += 1
    asked.clear()
    see(shown.first, shown.last)
  }
  watch(() => editor.recording?.id, () => {
    pages.clear()
    total.value = 0
    shown = { first: 0, last: 0 }
    reload()
  }, { immediate: true })
  watch(() => library.revision, reload)

  return { total: computed(() => total.value), at: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE], see }
}

import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { MeasureProgress } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { useEditor } from '@/stores/editor.ts'
import { createPeakStore, type PeakStore } from './peak-store.ts'

/** The waveform of the recording in the editor, and how far it has been measured. */
export const useWaveform = defineStore('waveform', () => {
  const client = useClient()
  const editor = useEditor()
  const peaks = shallowRef<PeakStore | null>(null)
  const progress = shallowRef<MeasureProgress | null>(null)
  const problem = shallowRef<ShownError | null>(null)
  /** Goes up when there is more to draw. */
  const revision = ref(0)
  let leave = new AbortController()

  async function follow(): Promise<void> {
    leave.abort()
    leave = new AbortController()
    const { signal } = leave
    peaks.value?.dispose()
    peaks.value = null
    progress.value = null
    problem.value = null
    const { recording } = editor
    if (!recording) return
    const store = createPeakStore(recording, () => (revision.value += 1))
    peaks.value = store
    try {
      for await (const step of await client.recordings.measure({ recording: recording.id }, { signal })) {
        if (signal.aborted) return
        progress.value = step
        store.measured(step.done)
      }
    } catch (cause) {
      if (!signal.aborted && !isStopped(cause)) problem.value = shownError(cause)
    }
  }
  watch(() => editor.recording?.id, () => void follow(), { immediate: true })

  /** The largest sample of the recording as far as it is known: softly spoken words still fill the pane. */
  const loudest = computed(() => {
    void revision.value
    const frames = editor.recording?.frames
    if (!peaks.value || !frames) return 1
    const { low, high } = peaks.value.columns(0, frames, 64)
    let peak = 0
    for (let i = 0; i < low.length; i++) peak = Math.max(peak, high[i]!, -low[i]!)
    return peak > 0.002 ? peak : 1
  })
  return { peaks, progress, problem, revision, loudest, retry: follow }
})

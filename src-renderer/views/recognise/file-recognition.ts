import { useDebounceFn } from '@vueuse/core'
import { computed, onScopeDispose, reactive, ref, shallowReactive, shallowRef, watch, type Ref } from 'vue'
import type { DetectSettings, FileDetection, FilesEvent, Model } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import type { ChosenPlace } from './chosen-place.ts'

export interface JudgedFile {
  readonly name: string
  readonly seconds: number
}
export type FailedFile = Extract<FilesEvent, { type: 'failed' }>
export interface ShownDetection extends FileDetection {
  readonly name: string
  /** Of the same span under every threshold. */
  readonly key: string
}
export type FilesState = 'idle' | 'running' | 'watching' | 'done'

/** A folder that is judged, and what settings make of its scores. */
export function useFileRecognition(settings: Ref<DetectSettings>) {
  const client = useClient()
  const state = ref<FilesState>('idle')
  const problem = shallowRef<ShownError | null>(null)
  const place = shallowRef<ChosenPlace | null>(null)
  const job = ref<string | null>(null)
  const progress = shallowRef<Extract<FilesEvent, { type: 'progress' }> | null>(null)
  const files = shallowReactive<JudgedFile[]>([])
  const failed = shallowReactive<FailedFile[]>([])
  const detections = shallowRef<readonly ShownDetection[]>([])
  const more = ref(false)
  /** Labels under which detections were kept as clips. */
  const kept = reactive(new Map<string, string | null>())
  let stop = new AbortController()

  async function start(chosen: ChosenPlace, model: Pick<Model, 'id'>, how: { readonly hop: number; readonly watch: boolean; readonly csv: boolean }): Promise<void> {
    await end(chosen.upload)
    place.value = chosen
    state.value = 'running'
    problem.value = null
    files.length = failed.length = 0
    kept.clear()
    detections.value = []
    const { signal } = (stop = new AbortController())
    try {
      const request = { model: model.id, place: chosen.place, hop: how.hop, watch: how.watch, csv: how.csv ? settings.value : null }
      for await (const event of await client.detection.files(request, { signal })) take(event)
      state.value = 'done'
    } catch (cause) {
      // What was judged before it was stopped stays.
      if (!signal.aborted && !isStopped(cause)) problem.value = shownError(cause)
      state.value = files.length > 0 ? 'done' : 'idle'
    } finally {
      progress.value = null
    }
  }

  function take(event: FilesEvent): void {
    if (event.type === 'ready') job.value = event.job
    else if (event.type === 'progress') {
      progress.value = event
      state.value = 'running'
    } else if (event.type === 'failed') failed.push(event)
    else if (event.type === 'watching') {
      state.value = 'watching'
      progress.value = null
    } else {
      files[event.file] = { name: event.name, seconds: event.seconds }
      void refresh()
    }
  }

  let latest = 0
  async function refreshNow(): Promise<void> {
    const id = job.value
    if (id === null) return
    const mine = ++latest
    try {
      const found = await client.detection.list({ job: id, settings: settings.value })
      if (mine !== latest || id !== job.value) return
      detections.value = found.detections.map((d) => ({ ...d, name: files[d.file]?.name ?? '', key: `${d.file} ${d.label} ${d.start.toFixed(2)}` }))
      more.value = found.more
    } catch (cause) {
      if (mine === latest) problem.value = shownError(cause)
    }
  }
  const refresh = useDebounceFn(refreshNow, 120)
  watch(settings, () => void refresh(), { deep: true })

  async function keep(d: ShownDetection, dataset: string, label: string | null): Promise<number | null> {
    if (job.value === null) return null
    const { clip } = await client.detection.keep({ job: job.value, file: d.file, start: d.start, end: d.end, dataset, label })
    kept.set(d.key, label)
    return clip
  }

  /** `again`: files that were sent and are judged once more. */
  async function end(again: string | null = null): Promise<void> {
    stop.abort()
    const [oldJob, upload] = [job.value, place.value?.upload ?? null]
    job.value = null
    if (oldJob !== null) await client.detection.close({ job: oldJob }).catch(() => undefined)
    if (upload !== null && upload !== again) await client.uploads.close({ upload }).catch(() => undefined)
  }
  onScopeDispose(() => void end())

  return {
    state, problem, place, job, progress, files, failed, detections, more, kept, start, keep,
    stop: () => stop.abort(),
    seconds: computed(() => files.reduce((sum, f) => sum + f.seconds, 0)),
  }
}

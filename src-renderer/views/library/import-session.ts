import { computed, onWatcherCleanup, reactive, ref, shallowRef, toRefs, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ImportEvent, ImportPreview, ImportReport, LabelSource, PlaceListing } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { canSend, sendFiles, type LocalFile, type UploadProgress } from '@/client/upload.ts'
import { useClient } from '@/client/use-client.ts'
import { useLibrary } from '@/stores/library.ts'
import { useToasts } from '@/stores/toasts.ts'
import { decodeFailed, isDecodable, joinReports } from './decode-failed.ts'
import type { ImportOrigin } from './folder-drop.ts'

interface Session {
  /** The folder dialog's page. */
  folder: PlaceListing | null
  /** What is imported: a folder that was chosen, or one that files were sent to. */
  place: string | null
  /** Of the files that were sent, to be thrown away in the end. */
  upload: string | null
  dataset: string
  labels: LabelSource
  link: boolean
}

/** One import from the choice of the files to the report. */
export function useImportSession(close: () => void) {
  const { t } = useI18n()
  const client = useClient()
  const library = useLibrary()
  const toasts = useToasts()
  const state = reactive<Session>({ folder: null, place: null, upload: null, dataset: '', labels: { from: 'folder' }, link: false })
  const preview = shallowRef<ImportPreview | null>(null)
  const previewProblem = shallowRef<ShownError | null>(null)
  const sending = shallowRef<UploadProgress | null>(null)
  const progress = shallowRef<Extract<ImportEvent, { type: 'progress' }> | null>(null)
  const report = shallowRef<ImportReport | null>(null)
  const stop = shallowRef<AbortController | null>(null)
  const running = ref(false)
  /** Files that this browser decodes because the program cannot. */
  const decoding = shallowRef<{ readonly done: number; readonly total: number } | null>(null)
  const step = computed(() =>
    report.value ? 'report' : running.value ? 'running' : decoding.value ? 'decoding' : sending.value ? 'sending' : state.place !== null ? 'settings' : 'folder')

  async function begin(origin: ImportOrigin): Promise<void> {
    Object.assign(state, { folder: null, place: null, upload: null })
    report.value = null
    preview.value = null
    if (origin !== null && 'files' in origin) return send(origin.files)
    await look(client.imports.places({ place: origin?.place ?? null }))
    if (origin !== null) choose()
    if (origin?.labels) state.labels = origin.labels
  }
  async function look(listing: Promise<PlaceListing>): Promise<void> {
    try {
      state.folder = await listing
    } catch (cause) {
      toasts.error(cause)
    }
  }
  function choose(): void {
    if (!state.folder) return
    state.place = state.folder.here.token
    state.dataset = nameOf(state.folder.here.path)
  }
  const nameOf = (path: string): string => path.split(/[\\/]/).findLast((part) => part !== '')?.slice(0, 100) ?? ''

  async function send(files: readonly LocalFile[]): Promise<void> {
    if (!canSend(files)) {
      toasts.error(new Error(t('import.tooMany')))
      if (!state.folder) await look(client.imports.places({ place: null }))
      return
    }
    const mine = (stop.value = new AbortController())
    sending.value = { done: 0, total: files.reduce((sum, { file }) => sum + file.size, 0), files: files.length }
    try {
      const { upload, place } = await sendFiles(client, files, { signal: mine.signal, onProgress: (now) => (sending.value = now) })
      const folders = new Set(files.map(({ name }) => name.split('/')[0]!))
      const top = files.every(({ name }) => name.includes('/')) && folders.size === 1 ? [...folders][0]! : ''
      Object.assign(state, { upload, place, link: false, dataset: top || (library.dataset?.name ?? t('import.newDataset')) })
    } catch (cause) {
      if (!mine.signal.aborted) toasts.error(cause)
      if (!state.folder) await look(client.imports.places({ place: null }))
    } finally {
      sending.value = null
      stop.value = null
    }
  }

  watch([() => state.place, () => state.labels], () => {
    previewProblem.value = null
    const { place, labels } = state
    if (place === null || (labels.from === 'table' && labels.table === '')) return
    let current = true
    // A pattern is looked at when the typing pauses.
    const timer = setTimeout(() => {
      client.imports.preview({ place, labels }).then(
        (found) => current && (preview.value = found),
        (cause: unknown) => current && ((preview.value = null), (previewProblem.value = shownError(cause))),
      )
    }, labels.from === 'filename' ? 200 : 0)
    onWatcherCleanup(() => {
      current = false
      clearTimeout(timer)
    })
  }, { deep: true })

  async function start(): Promise<void> {
    if (state.place === null) return
    const mine = (stop.value = new AbortController())
    report.value = null
    try {
      report.value = await run(mine.signal, null)
      if (report.value) {
        await library.refresh()
        library.chosen = report.value.dataset
      }
    } catch (cause) {
      if (mine.signal.aborted || isStopped(cause)) toasts.done(t('import.stopped'), () => void library.undo())
      else toasts.error(cause)
      if (mine.signal.aborted) close()
    } finally {
      stop.value = null
    }
  }
  async function run(signal: AbortSignal, decoded: string | null): Promise<ImportReport | null> {
    running.value = true
    progress.value = null
    try {
      const request = { place: state.place!, dataset: state.dataset.trim(), labels: state.labels, link: state.link, decoded }
      for await (const event of await client.imports.start(request, { signal })) {
        if (event.type === 'progress') progress.value = event
        else return event.report
      }
      return null
    } finally {
      running.value = false
    }
  }
  /** What only ffmpeg could decode, by the decoder of this browser; the files come in under their own names. */
  async function decode(): Promise<void> {
    const before = report.value
    if (!before || state.place === null) return
    const mine = (stop.value = new AbortController())
    const waiting = before.failures.filter(isDecodable)
    report.value = null
    decoding.value = { done: 0, total: waiting.length }
    let upload: string | null = null
    try {
      const options = { signal: mine.signal, onProgress: (done: number) => (decoding.value = { done, total: waiting.length }) }
      const { files, failures } = await decodeFailed(state.place, waiting, t('import.undecodable'), options)
      decoding.value = null
      let now: ImportReport | null = null
      if (files.length > 0) {
        const sent = await sendFiles(client, files, { signal: mine.signal, onProgress: (at) => (sending.value = at) })
        upload = sent.upload
        sending.value = null
        now = await run(mine.signal, sent.place)
      }
      report.value = joinReports(before, now, failures)
      await library.refresh()
    } catch (cause) {
      if (!mine.signal.aborted) toasts.error(cause)
      report.value = before
    } finally {
      decoding.value = null
      sending.value = null
      stop.value = null
      if (upload !== null) await client.uploads.close({ upload }).catch(() => undefined)
    }
  }
  /** Back to the choice of files. */
  async function back(): Promise<void> {
    await end()
    Object.assign(state, { place: null, upload: null })
    if (!state.folder) await look(client.imports.places({ place: null }))
  }
  async function end(): Promise<void> {
    stop.value?.abort()
    if (state.upload !== null) await client.uploads.close({ upload: state.upload }).catch(() => undefined)
    state.upload = null
  }
  return { ...toRefs(state), preview, previewProblem, sending, decoding, progress, report, step, begin, look, choose, send, start, decode, back, end, stop: () => stop.value?.abort() }
}

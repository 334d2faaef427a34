import { computed, onScopeDispose, ref, shallowReactive, shallowRef } from 'vue'
import type { ListenEvent, ListenOptions, Model } from '@contract'
import { microphoneProblem, openMicrophone, type Microphone, type MicrophoneProblem } from '@/audio/microphone.ts'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import { toInt16Base64 } from './pcm.ts'

export type Detection = Extract<ListenEvent, { type: 'detection' }> & {
  readonly id: number
  readonly at: Date
  /** The label under which it was kept as a clip; null: kept as none of them. */
  readonly kept?: string | null
}
export type ListeningState = 'idle' | 'starting' | 'listening'

/** Seconds of one piece of sound: what the ear does not notice. */
const PIECE = 0.02
/** Detections that are kept to be looked at; a night of listening must not fill the memory. */
const KEPT = 500

/** A model that hears the microphone: starting, stopping, and what it says. */
export function useListening() {
  const client = useClient()
  const state = ref<ListeningState>('idle')
  const problem = shallowRef<{ readonly microphone: MicrophoneProblem } | { readonly error: ShownError } | null>(null)
  const labels = shallowRef<readonly string[]>([])
  const scores = shallowRef<readonly number[] | null>(null)
  const level = ref(-120)
  const background = ref(-120)
  /** Seconds of sound since the start. */
  const time = ref(0)
  const load = shallowRef<{ readonly latency: number; readonly share: number } | null>(null)
  const detections = shallowReactive<Detection[]>([])
  const microphone = shallowRef<Microphone | null>(null)
  const session = ref<string | null>(null)
  let stopStream = new AbortController()
  let count = 0

  function take(event: ListenEvent): void {
    if (event.type === 'scores') {
      ;({ time: time.value, level: level.value, background: background.value } = event)
      if (event.scores) scores.value = event.scores
    } else if (event.type === 'detection') {
      detections.unshift({ ...event, id: ++count, at: new Date() })
      if (detections.length > KEPT) detections.pop()
    } else if (event.type === 'load') load.value = { latency: event.latency, share: event.share }
  }

  async function start(model: Pick<Model, 'id'>, options: ListenOptions, deviceId: string | null): Promise<void> {
    if (state.value !== 'idle') return
    state.value = 'starting'
    problem.value = null
    load.value = null
    scores.value = null
    const { signal } = (stopStream = new AbortController())
    try {
      for await (const event of await client.recognition.listen({ model: model.id, options }, { signal })) {
        if (event.type !== 'ready') {
          take(event)
          continue
        }
        labels.value = event.labels
        const { session: id } = event
        session.value = id
        const hear = (samples: Float32Array): void => {
          client.recognition.hear({ session: id, samples: toInt16Base64(samples) }).catch(() => undefined)
        }
        const opened = await openMicrophone({ deviceId, sampleRate: event.sampleRate, piece: PIECE, onSamples: hear, onEnd: stop })
        if (signal.aborted) await opened.stop()
        else {
          microphone.value = opened
          state.value = 'listening'
        }
      }
    } catch (cause) {
      if (cause instanceof DOMException && !signal.aborted) problem.value = { microphone: microphoneProblem(cause) }
      else if (!signal.aborted && !isStopped(cause)) problem.value = { error: shownError(cause) }
    } finally {
      await microphone.value?.stop()
      microphone.value = null
      session.value = null
      state.value = 'idle'
      level.value = -120
    }
  }

  /** Makes a clip of a detection, under the label that it should have had; while listening, for a minute. */
  async function keep(detection: Detection, dataset: string, label: string | null): Promise<void> {
    if (session.value === null) return
    await client.recognition.keep({ session: session.value, start: detection.start, end: detection.end, dataset, label })
    const at = detections.findIndex((d) => d.id === detection.id)
    if (at >= 0) detections[at] = { ...detection, kept: label }
  }
  /** What was missed: the last seconds become a clip. */
  async function keepLast(seconds: number, dataset: string, label: string | null): Promise<void> {
    if (session.value === null) return
    await client.recognition.keep({ session: session.value, start: Math.max(0, time.value - seconds), end: time.value, dataset, label })
  }

  function stop(): void {
    stopStream.abort()
    void microphone.value?.stop()
  }
  onScopeDispose(stop)

  return {
    state, problem, labels, scores, level, background, time, load, detections, microphone,
    start, stop, keep, keepLast,
    clear: () => detections.splice(0),
    best: computed(() => (scores.value ? scores.value.indexOf(Math.max(...scores.value)) : -1)),
  }
}

export type Listening = ReturnType<typeof useListening>

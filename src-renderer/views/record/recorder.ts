import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { microphoneProblem, openMicrophone, type Microphone, type MicrophoneProblem } from '@/audio/microphone.ts'
import { createMeter, SILENCE, type Level } from './level.ts'
import type { Prompt } from './plan.ts'
import { trimmed, type Trim } from './trim.ts'

/** What was recorded for a prompt, before the person decides. */
export interface Take {
  readonly prompt: Prompt
  readonly samples: Float32Array<ArrayBuffer>
  /** Hz */
  readonly sampleRate: number
  readonly trim: Trim
  readonly clipped: boolean
}

/** `idle`: no microphone; `ready`: it is open and waits; `done`: every prompt was said or skipped. */
export type RecorderState = 'idle' | 'opening' | 'ready' | 'countdown' | 'recording' | 'review' | 'saving' | 'done'

export interface RecorderSettings {
  /** Null: the system's default. */
  readonly deviceId: string | null
  /** Seconds before each take. */
  readonly countdown: number
  /** Seconds of one take at most. */
  readonly length: number
  /** A good take is kept without asking. */
  readonly handsFree: boolean
}

/** Seconds of one piece of sound. */
const PIECE = 0.02

/** Prompts one after the other: countdown, recording, review, kept or not. `keep` stores a take and throws where it cannot. */
export function useRecorder(keep: (take: Take) => Promise<void>) {
  const state = ref<RecorderState>('idle')
  const problem = shallowRef<MicrophoneProblem | null>(null)
  const level = shallowRef<Level>(SILENCE)
  const plan = shallowRef<readonly Prompt[]>([])
  const results = shallowRef<readonly ('kept' | 'skipped' | null)[]>([])
  const at = ref(0)
  /** Seconds left of the countdown, or of the take. */
  const left = ref(0)
  const take = shallowRef<Take | null>(null)
  const device = shallowRef('')
  let settings: RecorderSettings = { deviceId: null, countdown: 1, length: 2, handsFree: false }
  let microphone: Microphone | null = null
  let pieces: Float32Array<ArrayBuffer>[] = []
  let recorded = 0
  let clipped = false
  let timer: ReturnType<typeof setInterval> | null = null

  const prompt = computed(() => plan.value[at.value] ?? null)
  const isFull = (samples: Float32Array): boolean => samples.some((x) => Math.abs(x) >= 0.999)

  async function start(prompts: readonly Prompt[], chosen: RecorderSettings): Promise<void> {
    if (state.value !== 'idle' && state.value !== 'done') return
    state.value = 'opening'
    problem.value = null
    settings = chosen
    const meter = createMeter()
    try {
      microphone = await openMicrophone({
        deviceId: chosen.deviceId, sampleRate: null, piece: PIECE,
        onSamples: (samples) => {
          level.value = meter(samples, PIECE)
          if (state.value === 'recording') collect(samples)
        },
        onEnd: () => fail('missing'),
      })
      device.value = microphone.label
    } catch (cause) {
      fail(microphoneProblem(cause))
      return
    }
    plan.value = prompts
    results.value = prompts.map(() => null)
    at.value = 0
    take.value = null
    state.value = 'ready'
  }

  function fail(why: MicrophoneProblem): void {
    void stop()
    problem.value = why
  }

  /** Begins the take of the prompt, after the countdown. */
  function record(): void {
    if (!microphone || !['ready', 'review'].includes(state.value)) return
    take.value = null
    if (settings.countdown === 0) return begin()
    state.value = 'countdown'
    const until = performance.now() + 1000 * settings.countdown
    left.value = settings.countdown
    timer = setInterval(() => {
      left.value = Math.max(0, (until - performance.now()) / 1000)
      if (left.value === 0) begin()
    }, 50)
  }
  function begin(): void {
    clear()
    pieces = []
    recorded = 0
    clipped = false
    left.value = settings.length
    state.value = 'recording'
  }
  function collect(samples: Float32Array<ArrayBuffer>): void {
    pieces.push(samples)
    recorded += samples.length
    clipped ||= isFull(samples)
    left.value = Math.max(0, settings.length - recorded / microphone!.sampleRate)
    if (left.value === 0) finish()
  }
  /** The take is over: by its length, or because the person says so. */
  function finish(): void {
    if (state.value !== 'recording' || !microphone || !prompt.value || recorded === 0) return
    const samples = new Float32Array(recorded)
    let offset = 0
    for (const piece of pieces) {
      samples.set(piece, offset)
      offset += piece.length
    }
    const { sampleRate } = microphone
    take.value = { prompt: prompt.value, samples, sampleRate, trim: trimmed(samples, sampleRate), clipped }
    state.value = 'review'
    if (settings.handsFree && take.value.trim.found && !clipped) void accept()
  }

  async function accept(): Promise<void> {
    const done = take.value
    if (state.value !== 'review' || !done) return
    state.value = 'saving'
    try {
      await keep(done)
    } catch {
      // Whoever keeps it has said why; the take is still here.
      state.value = 'review'
      return
    }
    go('kept')
  }
  function skip(): void {
    if (['ready', 'review', 'countdown', 'recording'].includes(state.value)) go('skipped')
  }
  function go(result: 'kept' | 'skipped'): void {
    clear()
    results.value = results.value.map((old, i) => (i === at.value ? result : old))
    take.value = null
    at.value += 1
    if (prompt.value === null) {
      void stop().then(() => (state.value = 'done'))
      return
    }
    state.value = 'ready'
    // After the first, the next follows by itself: hands stay on one key.
    if (result === 'kept') record()
  }

  function clear(): void {
    if (timer) clearInterval(timer)
    timer = null
  }
  async function stop(): Promise<void> {
    clear()
    state.value = 'idle'
    take.value = null
    level.value = SILENCE
    const open = microphone
    microphone = null
    await open?.stop()
  }
  onScopeDispose(() => void stop())

  return { state, problem, level, plan, results, at, left, take, device, prompt, start, record, finish, accept, skip, stop }
}

export type Recorder = ReturnType<typeof useRecorder>

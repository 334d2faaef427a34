import { useRafFn } from '@vueuse/core'
import { onScopeDispose, ref, type Ref } from 'vue'
import type { Card } from './deck.ts'

export interface Voice {
  /** Of the sound's duration, 0 to 1; below 0 while nothing is heard. */
  readonly progress: Ref<number>
  play(card: Card): void
  stop(): void
}

/** Plays samples that are already here: it begins with the next block of the sound card, and a new one ends the last. */
export function useVoice(): Voice {
  let context: AudioContext | null = null
  let source: AudioBufferSourceNode | null = null
  let startedAt = 0
  let seconds = 1
  const progress = ref(-1)
  const follow = useRafFn(() => {
    if (context && source) progress.value = Math.min(1, (context.currentTime - startedAt) / seconds)
  }, { immediate: false })

  function stop(): void {
    const last = source
    source = null
    last?.stop()
    progress.value = -1
    follow.pause()
  }
  function play(card: Card): void {
    stop()
    if (card.samples.length === 0) return
    context ??= new AudioContext({ latencyHint: 'interactive' })
    if (context.state === 'suspended') void context.resume()
    const buffer = context.createBuffer(1, card.samples.length, card.sampleRate)
    buffer.copyToChannel(card.samples, 0)
    const started = context.createBufferSource()
    source = started
    started.buffer = buffer
    started.connect(context.destination)
    started.addEventListener('ended', () => source === started && stop())
    startedAt = context.currentTime
    seconds = card.samples.length / card.sampleRate
    started.start()
    progress.value = 0
    follow.resume()
  }
  onScopeDispose(() => {
    stop()
    void context?.close()
  })
  return { progress, play, stop }
}

import { useRafFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { clipAudioUrl, type Clip } from '@contract'
import { useToasts } from './toasts.ts'

/** One sound at a time. Playing a second stops the first. */
export const usePlayer = defineStore('player', () => {
  const toasts = useToasts()
  const audio = new Audio()
  audio.preload = 'auto'
  const clip = shallowRef<Clip | null>(null)
  const playing = ref(false)
  /** Of the clip's duration, 0 to 1. */
  const progress = ref(0)

  const follow = useRafFn(() => {
    const { duration, currentTime } = audio
    progress.value = duration > 0 ? Math.min(1, currentTime / duration) : 0
  }, { immediate: false })
  audio.addEventListener('play', () => {
    playing.value = true
    follow.resume()
  })
  for (const end of ['pause', 'ended', 'emptied'])
    audio.addEventListener(end, () => {
      playing.value = false
      follow.pause()
    })
  audio.addEventListener('ended', () => (progress.value = 0))

  async function play(wanted: Clip, from = 0): Promise<void> {
    const address = clipAudioUrl(wanted)
    if (clip.value?.id !== wanted.id || !audio.src.endsWith(address)) {
      clip.value = wanted
      audio.src = address
    }
    progress.value = from
    audio.currentTime = from * wanted.seconds
    try {
      await audio.play()
    } catch (cause) {
      // A newer sound took its place.
      if (cause instanceof DOMException && cause.name === 'AbortError') return
      toasts.error(cause)
    }
  }
  const stop = (): void => {
    audio.pause()
    progress.value = 0
  }
  return { clip, playing, progress, play, stop, toggle: (wanted: Clip) => (playing.value && clip.value?.id === wanted.id ? stop() : void play(wanted)) }
})

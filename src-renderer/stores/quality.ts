import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { QualityProgress } from '@contract'
import { useConnection } from '@/client/use-client.ts'

/** How far the program has looked at new clips in the background. */
export const useQuality = defineStore('quality', () => {
  const { client, follow } = useConnection()
  const progress = shallowRef<QualityProgress>({ state: 'idle', done: 0, total: 0 })
  follow((signal) => client.quality.progress(undefined, { signal }), (now) => (progress.value = now))
  return { progress, pause: () => client.quality.pause(), resume: () => client.quality.resume() }
})

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { NextClip } from '@contract'

/** What a run's network chose to have labelled next. */
export interface ChosenClips {
  readonly dataset: number
  readonly skipped: number
  readonly clips: readonly NextClip[]
}

/** The newest choice of each run: it is still there when the person comes back from Review. */
export const useNextClips = defineStore('nextClips', () => {
  const chosen = shallowRef<ReadonlyMap<string, ChosenClips>>(new Map())
  return { chosen, keep: (run: string, clips: ChosenClips): void => void (chosen.value = new Map([...chosen.value, [run, clips]])) }
})

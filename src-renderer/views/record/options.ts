import { useLocalStorage, type RemovableRef } from '@vueuse/core'
import type { WavBits } from '@/audio/wav.ts'
import type { Order } from './plan.ts'

/** What a person chose the last time they recorded; a view setting, no part of the library. */
export interface RecordOptions {
  deviceId: string
  speaker: string
  /** Names, in the order in which they were chosen or typed. */
  labels: string[]
  takes: number
  order: Order
  countdown: number
  length: number
  bits: WavBits
  trim: boolean
  handsFree: boolean
}

const DEFAULTS: RecordOptions = {
  deviceId: '', speaker: '', labels: [], takes: 5, order: 'shuffled', countdown: 1, length: 2, bits: 16, trim: true, handsFree: false,
}

export const useRecordOptions = (): RemovableRef<RecordOptions> => useLocalStorage('espectro.record', DEFAULTS, { mergeDefaults: true })

import type { FrequencyAxis } from './frequency-axis.ts'
import { heightOf, hertzAt } from './frequency-axis.ts'

/** One drawing surface of the stage; x is time and is the same in both panes. CSS pixels from its top left. */
export interface Pane {
  readonly kind: 'waveform' | 'spectrogram'
  readonly width: number
  readonly height: number
  /** Null where the vertical axis is not frequency. */
  readonly frequency: FrequencyAxis | null
}

export const yOf = (pane: Pane, hz: number): number => (pane.frequency ? (1 - heightOf(pane.frequency, hz)) * pane.height : 0)
export const hzAt = (pane: Pane, y: number): number => (pane.frequency ? hertzAt(pane.frequency, 1 - y / pane.height) : 0)

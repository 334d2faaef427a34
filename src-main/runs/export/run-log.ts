/** A run as the logs of other programs tell it: settings, numbers by step, and what came out. */
import type { SettingValue } from '../compare/flat-settings.ts'

export interface LoggedRun {
  readonly id: string
  readonly name: string
  readonly tags: readonly string[]
  readonly note: string
  /** The experiment that it is part of. */
  readonly group: string | null
  readonly project: string
  /** Seconds since 1970. */
  readonly startedAt: number
  readonly finished: boolean
  readonly settings: ReadonlyMap<string, SettingValue>
  /** In order of the steps. `seconds` since the training began. */
  readonly steps: readonly { readonly step: number; readonly seconds: number; readonly values: Readonly<Record<string, number>> }[]
  readonly summary: Readonly<Record<string, number>>
}

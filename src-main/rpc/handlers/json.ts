import type { RunSettings } from '../../../src-contract/index.ts'
import type { TrainingSettings } from '../../training/index.ts'

/** Settings as plain JSON of their own: what the contract takes is nobody's to change. */
export const toJson = (settings: TrainingSettings): RunSettings => JSON.parse(JSON.stringify(settings)) as RunSettings

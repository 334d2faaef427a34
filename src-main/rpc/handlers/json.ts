import type { JsonObject, RunSettings } from '../../../src-contract/index.ts'
import type { TrainingSettings } from '../../training/index.ts'

/** A value as plain JSON of its own: what the contract takes is nobody's to change. */
export const jsonObject = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject

/** Settings as plain JSON of their own. */
export const toJson = (settings: TrainingSettings): RunSettings => jsonObject(settings) as RunSettings

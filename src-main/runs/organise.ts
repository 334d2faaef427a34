/** What a person does with runs beside training them. */
import { getRun, takeFromQueue, updateRun, type Library, type RunRecord } from '../catalog/index.ts'
import { fail, type Result } from '../kit/index.ts'
import { isTrained } from './run-state.ts'
import { findTrainingRun } from './record.ts'

export interface RunNotes {
  readonly name?: string
  readonly tags?: readonly string[]
  readonly note?: string
  readonly favourite?: boolean
}

export function annotateRun(library: Library, id: string, notes: RunNotes): Result<RunRecord> {
  const found = getRun(library, id)
  if (!found.ok) return found
  const tags = notes.tags === undefined ? {} : { tags: [...new Set(notes.tags.map((t) => t.trim()).filter((t) => t !== ''))] }
  return updateRun(library, found.value.id, { ...notes, ...tags })
}

/** Its files stay, so that it can come back. */
export function binRun(library: Library, id: string): Result<RunRecord> {
  const found = getRun(library, id)
  if (!found.ok) return found
  if (isTrained(found.value)) return fail('INVALID', `The run ${found.value.id} is being trained`, { hint: 'Stop it first.' })
  const taken = takeFromQueue(library, found.value.id)
  return taken.ok ? updateRun(library, found.value.id, { binnedAt: new Date().toISOString() }) : taken
}

export function restoreRun(library: Library, id: string): Result<RunRecord> {
  const found = getRun(library, id)
  return found.ok ? updateRun(library, found.value.id, { binnedAt: null }) : found
}

/** Gives a run more epochs, to go on from its newest checkpoint. The rest of its settings stay as they are. */
export function lengthenRun(library: Library, id: string, epochs: number): Result<RunRecord> {
  const found = findTrainingRun(library, id)
  if (!found.ok) return found
  const { record, config } = found.value
  if (isTrained(record)) return fail('INVALID', `The run ${record.id} is being trained`, { hint: 'Wait until it ends, or stop it first.' })
  const before = config.settings.epochs
  if (epochs <= before) return fail('INVALID', `The run ${record.id} has ${before} epochs already`, { hint: 'Ask for more epochs than it had.' })
  const earlierEpochs = [...new Set([...config.earlierEpochs, before])]
  return updateRun(library, record.id, { config: { ...config, earlierEpochs, settings: { ...config.settings, epochs } } })
}

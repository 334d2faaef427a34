import { redoableName, undoableName } from '../../catalog/index.ts'
import { redo, undo } from '../../curation/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'

export const history = {
  state: calls.history.state.handler(({ context: { services } }) => ({
    undo: undoableName(services.library.catalog),
    redo: redoableName(services.library.catalog),
  })),
  undo: calls.history.undo.handler(({ context: { services } }) => {
    const name = answer(undo(services.library))
    services.changes.announce()
    return { name }
  }),
  redo: calls.history.redo.handler(({ context: { services } }) => {
    const name = answer(redo(services.library))
    services.changes.announce()
    return { name }
  }),
}

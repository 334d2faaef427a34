import { EDITS_VERSION, readEdits, type Edit } from '../audio/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'

/** They stand in the address themselves: the same address is the same sound for ever, and unsaved ones can be heard. */
export function editsOf(request: Request): Result<readonly Edit[]> {
  const text = new URL(request.url).searchParams.get('edits')
  if (text === null) return ok([])
  const [, version = '', json = ''] = /^(\d+):(.*)$/s.exec(text) ?? []
  return Number(version) === EDITS_VERSION ? readEdits(json) : fail('INVALID', `edits must be ${EDITS_VERSION}: and a list`)
}

import { fail, ok, type Result } from './result.ts'

/** The value of a JSON text; `what` names the thing in the error (`INVALID`): "The front end is not valid JSON: …". */
export function parseJson(text: string, what: string, file?: string): Result<unknown> {
  try {
    return ok(JSON.parse(text) as unknown)
  } catch (cause) {
    return fail('INVALID', `The ${what} is not valid JSON: ${(cause as Error).message}`, { cause, ...(file === undefined ? {} : { file }) })
  }
}

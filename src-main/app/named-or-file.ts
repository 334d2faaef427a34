import { readFile } from 'node:fs/promises'
import { err, fail, parseJson, toAppError, type Result } from '../kit/index.ts'

/**
 * What `--model`, `--front-end` and `--augment` take: one of the names that come with Espectro, or the path of a
 * JSON file. A name wins over a file of that name; a word that is neither is answered with the names there are.
 */
export async function namedOrFile<T>(
  nameOrFile: string,
  what: string,
  named: ReadonlyMap<string, T>,
  parse: (json: unknown) => Result<T>,
): Promise<Result<T>> {
  const known = named.get(nameOrFile)
  if (known !== undefined) return { ok: true, value: known }
  if (!/[./\\]/.test(nameOrFile))
    return fail('USAGE', `There is no ${what} named "${nameOrFile}"`, { hint: `There are ${[...named.keys()].join(', ')}; or give the path of a JSON file.` })
  let text: string
  try {
    text = await readFile(nameOrFile, 'utf8')
  } catch (cause) {
    return err(toAppError(cause, `reading the ${what}`, nameOrFile))
  }
  const json = parseJson(text, what, nameOrFile)
  return json.ok ? parse(json.value) : json
}

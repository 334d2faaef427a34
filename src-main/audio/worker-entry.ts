import { existsSync } from 'node:fs'
import { assert } from '../kit/index.ts'

/**
 * Where the worker's file is: beside this module as source, or, in a bundled build (which may put shared
 * code into a folder of chunks), beside the bundle or one folder up.
 */
export function defaultWorkerEntry(): URL {
  const places = ['./decode-worker.ts', './decode-worker.js', '../decode-worker.js'].map(
    (name) => new URL(name, import.meta.url),
  )
  const found = places.find((url) => existsSync(url))
  assert(found, `no decode worker at ${places.map(String).join(', ')}`)
  return found
}

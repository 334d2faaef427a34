import { firstSchema } from './0001-first-schema.ts'
import { runQueue } from './0002-run-queue.ts'
import { sounds } from './0003-sounds.ts'
import { librarySchema } from './0004-library.ts'
import { augmentPolicies } from './0005-augment-policies.ts'
import { regions } from './0006-regions.ts'
import { hardAndSuggested } from './0007-hard-and-suggested.ts'
import { ownArchitectures } from './0008-architectures.ts'

/** One step of the schema. Steps never change once released; a new need is a new file here. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

/** In order; the place in the list is the version (a unit test holds us to it). */
export const migrations: readonly Migration[] = [firstSchema, runQueue, sounds, librarySchema, augmentPolicies, regions, hardAndSuggested, ownArchitectures]

/** The schema this program writes: SQLite's `user_version`. */
export const SCHEMA_VERSION = migrations.length

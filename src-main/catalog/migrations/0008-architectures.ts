import { journalTriggers } from '../journal-triggers.ts'
import type { Migration } from './index.ts'

/** Architectures that the person saved under a name: JSON, as a file for `--model` would hold. */
export const ownArchitectures: Migration = {
  version: 8,
  name: 'architectures',
  sql: `
  CREATE TABLE architectures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    spec TEXT NOT NULL CHECK (json_valid(spec))
  ) STRICT;
  ${journalTriggers({ table: 'architectures', columns: ['name', 'spec'] })}
`,
}

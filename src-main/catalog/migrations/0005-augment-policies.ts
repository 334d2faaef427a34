import { journalTriggers } from '../journal-triggers.ts'
import type { Migration } from './index.ts'

/** Augmentation policies that the person saved under a name: JSON, as a file for `--augment` would hold. */
export const augmentPolicies: Migration = {
  version: 5,
  name: 'augmentation policies',
  sql: `
  CREATE TABLE augment_policies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    policy TEXT NOT NULL CHECK (json_valid(policy))
  ) STRICT;
  ${journalTriggers({ table: 'augment_policies', columns: ['name', 'policy'] })}
`,
}

import type { ReadableCatalog, WritableCatalog } from './database.ts'

/** A policy of the person's own; what it holds is the augment room's business. */
export interface StoredPolicy {
  readonly name: string
  /** JSON text. */
  readonly policy: string
}

export const listPolicyRows = (catalog: ReadableCatalog): StoredPolicy[] =>
  catalog.all<StoredPolicy>('SELECT name, policy FROM augment_policies ORDER BY name COLLATE NOCASE, name')

/** Saves under the name, in the place of what it held. */
export function savePolicyRow(catalog: WritableCatalog, { name, policy }: StoredPolicy): void {
  catalog.run('INSERT INTO augment_policies (name, policy) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET policy = excluded.policy', name, policy)
}

/** False where there is none of that name. */
export const deletePolicyRow = (catalog: WritableCatalog, name: string): boolean =>
  catalog.run('DELETE FROM augment_policies WHERE name = ?', name).changes > 0

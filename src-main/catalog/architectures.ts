import type { ReadableCatalog, WritableCatalog } from './database.ts'

/** An architecture of the person's own; what it holds is the nn room's business. */
export interface StoredArchitecture {
  readonly name: string
  /** JSON text. */
  readonly spec: string
}

export const listArchitectureRows = (catalog: ReadableCatalog): StoredArchitecture[] =>
  catalog.all<StoredArchitecture>('SELECT name, spec FROM architectures ORDER BY name')

/** Saves under the name, in the place of what it held. */
export function saveArchitectureRow(catalog: WritableCatalog, { name, spec }: StoredArchitecture): void {
  catalog.run('INSERT INTO architectures (name, spec) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET spec = excluded.spec', name, spec)
}

/** False where there is none of that name. */
export const deleteArchitectureRow = (catalog: WritableCatalog, name: string): boolean =>
  catalog.run('DELETE FROM architectures WHERE name = ?', name).changes > 0

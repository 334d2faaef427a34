import type { ReadableCatalog } from '../../catalog/index.ts'

/** Remembers a few answers by their question for as long as no row of the catalog changes. */
export function createKept<T>(catalog: ReadableCatalog, most = 8): (key: string, find: () => T) => T {
  const kept = new Map<string, T>()
  let seen = ''
  return (key, find) => {
    const now = catalogVersion(catalog)
    if (now !== seen) kept.clear()
    seen = now
    const value = kept.get(key) ?? find()
    kept.delete(key)
    kept.set(key, value)
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break
      kept.delete(oldest)
    }
    return value
  }
}

/** Differs after any change: by this connection (`total_changes`), or by another program (`data_version`). */
export function catalogVersion(catalog: ReadableCatalog): string {
  const row = catalog.get<{ own: number; others: number }>(
    'SELECT total_changes() AS own, (SELECT data_version FROM pragma_data_version) AS others')
  return `${row?.own}/${row?.others}`
}

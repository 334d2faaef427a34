/** A map that forgets what was not used for longest. */
export interface KeptMap<T> {
  get(key: string): T | undefined
  set(key: string, value: T): void
  delete(key: string): void
  clear(): void
}

export function createKeptMap<T>(most: number): KeptMap<T> {
  const map = new Map<string, T>()
  return {
    get(key) {
      const value = map.get(key)
      if (value !== undefined) {
        map.delete(key)
        map.set(key, value)
      }
      return value
    },
    set(key, value) {
      map.delete(key)
      map.set(key, value)
      for (const oldest of map.keys()) {
        if (map.size <= most) break
        map.delete(oldest)
      }
    },
    delete: (key) => void map.delete(key),
    clear: () => map.clear(),
  }
}

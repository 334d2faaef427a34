/** Which run was trained again as which, remembered by this browser. */
const KEY = 'espectro.retrained'
const MOST = 200

function read(): [string, string][] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]') as unknown
    return Array.isArray(kept) ? kept.filter((pair): pair is [string, string] => Array.isArray(pair) && pair.length === 2 && pair.every((id) => typeof id === 'string')) : []
  } catch {
    return []
  }
}

export const successorOf = (run: string): string | null => read().findLast(([from]) => from === run)?.[1] ?? null

export function keepSuccessor(run: string, successor: string): void {
  localStorage.setItem(KEY, JSON.stringify([...read().filter(([from]) => from !== run), [run, successor]].slice(-MOST)))
}

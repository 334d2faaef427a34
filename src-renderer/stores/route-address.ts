export interface Route {
  readonly view: string
  /** What of it, e.g. the id of a clip: the rest of the address, split at its slashes and decoded. */
  readonly path: readonly string[]
}

export function parseRoute(hash: string): Route {
  const [view = '', ...path] = hash.replace(/^#\/?/, '').split('/')
  return { view: view === '' ? 'library' : view, path: path.map(decoded) }
}
export const routeAddress = (view: string, ...path: (string | number)[]): string => `#/${[view, ...path.map((p) => encodeURIComponent(p))].join('/')}`

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

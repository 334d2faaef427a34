/**
 * Ownership: whatever must be released (session, timer, listener, child process) is handed to a scope, and
 * disposing the scope releases everything, last in first out. One failing release does not stop the rest.
 */
export interface Scope extends AsyncDisposable {
  add<T extends Disposable | AsyncDisposable>(resource: T): T
  defer(release: () => void | Promise<void>): void
  readonly size: number
}

export function createScope(): Scope {
  const releases: (() => void | PromiseLike<void>)[] = []
  return {
    add(resource) {
      releases.push(() =>
        Symbol.asyncDispose in resource ? resource[Symbol.asyncDispose]() : resource[Symbol.dispose](),
      )
      return resource
    },
    defer(release) {
      releases.push(release)
    },
    get size() {
      return releases.length
    },
    async [Symbol.asyncDispose]() {
      const problems: unknown[] = []
      for (let release = releases.pop(); release; release = releases.pop()) {
        try {
          await release()
        } catch (problem) {
          problems.push(problem)
        }
      }
      if (problems.length > 0) throw new AggregateError(problems, 'Some resources could not be released')
    },
  }
}

import { inject, type App, type InjectionKey } from 'vue'
import type { Connection } from './connection.ts'

const KEY: InjectionKey<Connection> = Symbol('connection')

export const provideConnection = (app: App, connection: Connection): void => {
  app.provide(KEY, connection)
}

export function useConnection(): Connection {
  const connection = inject(KEY)
  if (!connection) throw new Error('Bug: no connection was provided')
  return connection
}

export const useClient = (): Connection['client'] => useConnection().client

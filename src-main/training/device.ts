/** With how many threads a task runs. Its device is chosen by the process that starts it, which can try devices. */
import { availableParallelism } from 'node:os'

/** More threads than this do not make small networks faster. */
const MOST_THREADS = 8

export const defaultThreads = (): number => Math.min(MOST_THREADS, availableParallelism())

export const chooseThreads = (wanted: number | null): number => wanted ?? defaultThreads()

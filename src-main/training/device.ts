/** Where and with how many threads a task runs, and why. */
import { availableParallelism } from 'node:os'
import { unwrap } from '../kit/index.ts'
import { resolveDevice, type Device } from '../runtime/index.ts'

export async function chooseDevice(wanted: 'auto' | Device): Promise<{ readonly device: Device; readonly reason: string }> {
  return unwrap(await resolveDevice(wanted))
}

/** More threads than this do not make small networks faster. */
const MOST_THREADS = 8

export const chooseThreads = (wanted: number | null): number => wanted ?? Math.min(MOST_THREADS, availableParallelism())

/**
 * The short-lived child process that tries a device: creating a session may abort the process where drivers
 * are broken, and must not take the app along. Sends one message and ends.
 */
import { AppError, connectParent, toAppError, type SerialisedError } from '../kit/index.ts'
import { runSelfTest, type SelfTest } from './self-test.ts'
import type { Device } from './session.ts'

export type ProbeMessage = { readonly test: SelfTest } | { readonly error: SerialisedError }

export interface ProbeRequest {
  readonly device: Device
}

const parent = connectParent()
parent.onDisconnect(() => process.exit(0))
parent.onMessage(async (request) => {
  await parent.send(await probe((request as ProbeRequest).device))
  process.exit(0)
})

async function probe(device: Device): Promise<ProbeMessage> {
  try {
    const tested = await runSelfTest(device)
    return tested.ok ? { test: tested.value } : { error: tested.error.toJSON() }
  } catch (problem) {
    const error = problem instanceof AppError ? problem : toAppError(problem, `Testing the device "${device}"`)
    return { error: error.toJSON() }
  }
}

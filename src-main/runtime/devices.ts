/** Which devices can be used here, and in plain words why one cannot. */
import { fileURLToPath } from 'node:url'
import { AppError, besideModule, err, ok, startChild, type Result } from '../kit/index.ts'
import type { ProbeMessage, ProbeRequest } from './device-probe.ts'
import { SELF_TEST_TOLERANCE } from './self-test.ts'
import type { Device } from './session.ts'

export interface DeviceReport {
  readonly device: Device
  readonly available: boolean
  /** One sentence for a person. */
  readonly reason: string
  /** How many times as fast as the CPU on the self-test's step, which is small; only where available. */
  readonly speedup?: number
}

export interface DeviceChoice {
  readonly device: Device
  readonly reason: string
}

export type DeviceWish = 'auto' | Device

const PROBE = fileURLToPath(besideModule('./device-probe', import.meta.url))
const PROBE_TIMEOUT_MS = 120_000

const CPU: DeviceReport = { device: 'cpu', available: true, reason: 'The CPU is always available.', speedup: 1 }

let webgpu: Promise<DeviceReport> | undefined

/** Every device with its state. The first call tries the graphics card in a process of its own; later calls remember. */
export async function listDevices(): Promise<readonly DeviceReport[]> {
  webgpu ??= probeDevice('webgpu')
  return [CPU, await webgpu]
}

/**
 * The device to use. `auto` takes the graphics card where it passed the self-test and was faster in it, else
 * the CPU; asking for a device that cannot be used is an error that says why.
 */
export async function resolveDevice(wish: DeviceWish): Promise<Result<DeviceChoice>> {
  if (wish === 'cpu') return ok({ device: 'cpu', reason: 'The CPU was asked for.' })
  const report = (await listDevices()).find((r) => r.device === 'webgpu')!
  if (wish === 'webgpu') {
    if (report.available) return ok({ device: 'webgpu', reason: report.reason })
    return err(new AppError('DEVICE_UNAVAILABLE', report.reason, { hint: 'Use --device cpu or --device auto.' }))
  }
  if (!report.available) return ok({ device: 'cpu', reason: `The CPU, because: ${report.reason}` })
  if ((report.speedup ?? 0) <= 1) {
    return ok({ device: 'cpu', reason: 'The CPU, because WebGPU works here but was slower than the CPU in the self-test.' })
  }
  return ok({ device: 'webgpu', reason: report.reason })
}

/** Tries one device in a child process with the given environment. */
export function probeDevice(device: Exclude<Device, 'cpu'>, env: NodeJS.ProcessEnv = process.env): Promise<DeviceReport> {
  const { promise, resolve } = Promise.withResolvers<DeviceReport>()
  const child = startChild(PROBE, { env })
  const refuse = (reason: string) => resolve({ device, available: false, reason })
  const timer = setTimeout(() => {
    child.kill()
    refuse(`WebGPU did not answer within ${PROBE_TIMEOUT_MS / 1000} seconds.`)
  }, PROBE_TIMEOUT_MS)
  child.onMessage((message) => resolve(judge(device, message as ProbeMessage)))
  child.onExit(({ code, signal, stderr }) => {
    clearTimeout(timer)
    if (code === null && signal === null) refuse(`WebGPU could not be tried: ${stderr}.`)
    else refuse(`WebGPU's driver ended the process that tried it (${signal ?? `code ${code}`}).`)
  })
  child.send({ device } satisfies ProbeRequest)
  return promise
}

function judge(device: Exclude<Device, 'cpu'>, message: ProbeMessage): DeviceReport {
  if ('error' in message) return { device, available: false, reason: plainReason(message.error.message) }
  const { difference, worst, cpuMs, deviceMs } = message.test
  if (!(difference <= SELF_TEST_TOLERANCE)) {
    const reason = `WebGPU gives wrong numbers with this driver: "${worst}" differs from the CPU's by ${difference.toPrecision(2)} of its size.`
    return { device, available: false, reason }
  }
  const speedup = cpuMs / deviceMs
  return { device, available: true, reason: `WebGPU passed the self-test, at ${speedup.toPrecision(2)} times the CPU's speed on its small step.`, speedup }
}

function plainReason(message: string): string {
  if (/no supported adapters|get a webgpu adapter/i.test(message)) return 'WebGPU found no graphics card with a working driver.'
  if (/backend not found|not available|no available backend/i.test(message)) return 'This build of ONNX Runtime has no WebGPU.'
  return `WebGPU cannot be used: ${message}`
}

import { fork } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { operations, type OperationName } from '../../../src-main/nn/index.ts'
import { hasSoftwareVulkan, softwareVulkanEnv, withoutSoftwareVulkan } from '../runtime/software-vulkan.ts'
import type { CaseReport } from './webgpu-process.ts'

function runProcess(): Promise<readonly CaseReport[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly CaseReport[]>()
  const child = fork(join(import.meta.dirname, 'webgpu-process.ts'), [], {
    env: softwareVulkanEnv,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  child.once('message', (reports: readonly CaseReport[]) => resolve(reports))
  child.once('exit', (code, signal) => reject(new Error(`the WebGPU process ended: ${signal ?? code}`)))
  return promise
}

const names = Object.keys(operations) as OperationName[]
const title = hasSoftwareVulkan ? 'on software Vulkan' : `skipped: ${withoutSoftwareVulkan}`

describe.skipIf(!hasSoftwareVulkan)(`WebGPU against the CPU, ${title}`, () => {
  let reports: readonly CaseReport[] = []
  beforeAll(async () => {
    reports = await runProcess()
  })

  it.each(names)('%s: result and gradient', (name) => {
    const own = reports.filter((r) => r.operation === name)
    expect(own.length).toBeGreaterThan(0)
    for (const { title, forward, backward, problem } of own) {
      expect(problem, title).toBeUndefined()
      expect(forward, `${title}: result`).toBeLessThan(1e-5)
      expect(backward, `${title}: gradient`).toBeLessThan(1e-5)
    }
  })
})

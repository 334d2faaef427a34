import { fork } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasSoftwareVulkan, softwareVulkanEnv, withoutSoftwareVulkan } from '../runtime/software-vulkan.ts'
import type { TrainingReport } from './webgpu-training-process.ts'

function runProcess(): Promise<readonly TrainingReport[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly TrainingReport[]>()
  const child = fork(join(import.meta.dirname, 'webgpu-training-process.ts'), [], {
    env: softwareVulkanEnv,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  child.once('message', (reports: readonly TrainingReport[]) => resolve(reports))
  child.once('exit', (code, signal) => reject(new Error(`the WebGPU process ended: ${signal ?? code}`)))
  return promise
}

const title = hasSoftwareVulkan ? 'on software Vulkan' : `skipped: ${withoutSoftwareVulkan}`

describe.skipIf(!hasSoftwareVulkan)(`training on WebGPU, ${title}`, () => {
  it('follows the CPU step by step, every node on the device', async () => {
    const reports = await runProcess()
    expect(reports.length).toBe(4)
    for (const { title, problem, cpu, webgpu, stateDifference } of reports) {
      expect(problem, title).toBeUndefined()
      expect(cpu.length, title).toBe(4)
      cpu.forEach((loss, i) => expect(Math.abs(webgpu[i]! - loss), `${title}: loss of step ${i}`).toBeLessThan(1e-4))
      expect(stateDifference, `${title}: state`).toBeLessThan(1e-4)
    }
  })
})

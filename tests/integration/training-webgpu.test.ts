import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../src-main/kit/index.ts'
import { startTraining, type TrainingClip, type TrainingResult } from '../../src-main/training/index.ts'
import { hasSoftwareVulkan, noVulkanEnv, softwareVulkanEnv, withoutSoftwareVulkan } from './runtime/software-vulkan.ts'
import { makeToneClips, toneJob } from './training-data.ts'

let folder = ''
let clips: TrainingClip[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-webgpu-'))
  clips = makeToneClips(join(folder, 'tones'), { train: 4, validation: 2, test: 2 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Trains with another environment for the child, which inherits this process's. */
async function trainIn(env: NodeJS.ProcessEnv, name: string, device: 'auto' | 'cpu' | 'webgpu') {
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    return await startTraining(toneJob(join(folder, name), clips, { epochs: 1, batch: 6 }, { device }))
  } finally {
    for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key]
    Object.assign(process.env, before)
  }
}

const losses = (r: TrainingResult) => r.history.flatMap((h) => [h.loss, h.validation!.loss])

describe.skipIf(!hasSoftwareVulkan)(`training on WebGPU${hasSoftwareVulkan ? '' : `, skipped: ${withoutSoftwareVulkan}`}`, () => {
  it('follows the CPU, with its state on the device, through validation, checkpoint and evaluation', async () => {
    const cpu = unwrap(await trainIn(softwareVulkanEnv, 'cpu', 'cpu'))
    const gpu = unwrap(await trainIn(softwareVulkanEnv, 'gpu', 'webgpu'))
    expect(gpu.device).toBe('webgpu')
    expect(gpu.deviceReason).toContain('self-test')
    losses(gpu).forEach((loss, i) => expect(Math.abs(loss - losses(cpu)[i]!), `loss ${i}`).toBeLessThan(1e-3))
    expect(gpu.evaluation.test?.confusion).toEqual(cpu.evaluation.test?.confusion)
  })
})

describe('without a graphics card', () => {
  it('auto trains on the CPU and says why; webgpu is an error', async () => {
    const auto = unwrap(await trainIn(noVulkanEnv, 'auto', 'auto'))
    expect(auto.device).toBe('cpu')
    expect(auto.deviceReason).toContain('no graphics card')
    const asked = await trainIn(noVulkanEnv, 'asked', 'webgpu')
    expect(asked.ok ? null : asked.error.code).toBe('DEVICE_UNAVAILABLE')
  })
})

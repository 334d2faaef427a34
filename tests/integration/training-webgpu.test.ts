import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../src-main/kit/index.ts'
import type { TrainingClip, TrainingResult } from '../../src-main/training/index.ts'
import { hasSoftwareVulkan, softwareVulkanEnv, withoutSoftwareVulkan } from './runtime/software-vulkan.ts'
import { makeToneClips } from './training-data.ts'
import { trainIn } from './training-environment.ts'

let folder = ''
let clips: TrainingClip[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-webgpu-'))
  clips = makeToneClips(join(folder, 'tones'), { train: 4, validation: 2, test: 2 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const losses = (r: TrainingResult) => r.history.flatMap((h) => [h.loss, h.validation!.loss])

describe.skipIf(!hasSoftwareVulkan)(`training on WebGPU${hasSoftwareVulkan ? '' : `, skipped: ${withoutSoftwareVulkan}`}`, () => {
  it('follows the CPU, with its state on the device, through validation, checkpoint and evaluation', async () => {
    const cpu = unwrap(await trainIn(softwareVulkanEnv, join(folder, 'cpu'), clips, 'cpu'))
    const gpu = unwrap(await trainIn(softwareVulkanEnv, join(folder, 'gpu'), clips, 'webgpu'))
    expect(gpu.device).toBe('webgpu')
    expect(gpu.deviceReason).toContain('self-test')
    losses(gpu).forEach((loss, i) => expect(Math.abs(loss - losses(cpu)[i]!), `loss ${i}`).toBeLessThan(1e-3))
    expect(gpu.evaluation.test?.confusion).toEqual(cpu.evaluation.test?.confusion)
  })
})

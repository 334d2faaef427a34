import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../src-main/kit/index.ts'
import type { TrainingClip } from '../../src-main/training/index.ts'
import { noVulkanEnv } from './runtime/software-vulkan.ts'
import { makeToneClips } from './training-data.ts'
import { trainIn } from './training-environment.ts'

let folder = ''
let clips: TrainingClip[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-no-webgpu-'))
  clips = makeToneClips(join(folder, 'tones'), { train: 4, validation: 2, test: 2 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('without a graphics card', () => {
  it('auto trains on the CPU and says why; webgpu is an error', async () => {
    const auto = unwrap(await trainIn(noVulkanEnv, join(folder, 'auto'), clips, 'auto'))
    expect(auto.device).toBe('cpu')
    expect(auto.deviceReason).toContain('no graphics card')
    const asked = await trainIn(noVulkanEnv, join(folder, 'asked'), clips, 'webgpu')
    expect(asked.ok ? null : asked.error.code).toBe('DEVICE_UNAVAILABLE')
  })
})

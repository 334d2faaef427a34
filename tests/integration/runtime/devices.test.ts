import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { listDevices, probeDevice, resolveDevice } from '../../../src-main/runtime/index.ts'
import { hasSoftwareVulkan, noVulkanEnv, softwareVulkanEnv, withoutSoftwareVulkan } from './software-vulkan.ts'

describe('devices', () => {
  it('the CPU is always there; what is asked for is what is used', async () => {
    const devices = await listDevices()
    expect(devices.map((d) => d.device)).toEqual(['cpu', 'webgpu'])
    expect(devices[0]!.available).toBe(true)
    expect(unwrap(await resolveDevice('cpu')).device).toBe('cpu')
    const [asked, auto] = [await resolveDevice('webgpu'), unwrap(await resolveDevice('auto'))]
    expect(asked.ok).toBe(devices[1]!.available)
    if (!asked.ok) {
      expect(asked.error.code).toBe('DEVICE_UNAVAILABLE')
      expect(auto.device).toBe('cpu')
      expect(auto.reason).toContain(devices[1]!.reason)
    }
  })

  it('says in plain words that there is no graphics card', async () => {
    const report = await probeDevice('webgpu', noVulkanEnv)
    expect(report).toEqual({ device: 'webgpu', available: false, reason: 'WebGPU found no graphics card with a working driver.' })
  })

  it('survives a process that is ended by its driver', async () => {
    const report = await probeDevice('webgpu', { ...noVulkanEnv, NODE_OPTIONS: '--import=data:text/javascript,process.abort()' })
    expect(report.available).toBe(false)
    expect(report.reason).toContain('SIGABRT')
  })

  it.skipIf(!hasSoftwareVulkan)(`trusts a device that passes the self-test${hasSoftwareVulkan ? '' : `: skipped, ${withoutSoftwareVulkan}`}`, async () => {
    const report = await probeDevice('webgpu', softwareVulkanEnv)
    expect(report.reason).toContain('passed the self-test')
    expect(report.available).toBe(true)
    expect(report.speedup).toBeGreaterThan(0)
  })
})

/** Front ends give on a graphics device what they give on the CPU; fitted ones run there whole. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hasSoftwareVulkan, softwareVulkanEnv, withoutSoftwareVulkan } from '../runtime/software-vulkan.ts'

it('every kind of front end', (context) => {
  if (!hasSoftwareVulkan) return context.skip(withoutSoftwareVulkan)
  const child = spawnSync(process.execPath, [join(import.meta.dirname, 'webgpu-child.ts')], { env: softwareVulkanEnv, encoding: 'utf8' })
  expect(child.status, child.stderr).toBe(0)
  const lines = child.stdout.trim().split('\n').map((line) => JSON.parse(line) as { name: string; difference: number })
  expect(lines.length).toBe(7)
  for (const { name, difference } of lines) expect(difference, name).toBeLessThan(1e-4)
})

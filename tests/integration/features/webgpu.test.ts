/** Front ends give on a graphics device what they give on the CPU; fitted ones run there whole. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { FRONT_ENDS } from '../../../src-main/features/index.ts'
import { hasSoftwareVulkan, softwareVulkanEnv, withoutSoftwareVulkan } from '../runtime/software-vulkan.ts'

it('every named front end and every setting that has nodes of its own', (context) => {
  if (!hasSoftwareVulkan) return context.skip(withoutSoftwareVulkan)
  const child = spawnSync(process.execPath, [join(import.meta.dirname, 'webgpu-child.ts')], { env: softwareVulkanEnv, encoding: 'utf8' })
  expect(child.stderr).toBe('')
  const lines = child.stdout.trim().split('\n').map((line) => JSON.parse(line) as { name: string; fitted: number; longer: number; shorter: number })
  expect(lines.map((l) => l.name).slice(0, -2)).toEqual(Object.keys(FRONT_ENDS))
  for (const line of lines) for (const part of ['fitted', 'longer', 'shorter'] as const) expect(line[part], `${line.name} ${part}`).toBeLessThan(1e-4)
})

/** WebGPU without a graphics card: Chromium's software Vulkan, where the machine has it. */
import { existsSync } from 'node:fs'

const ICD = process.env['ESPECTRO_VULKAN_ICD'] ?? '/usr/lib/chromium/vk_swiftshader_icd.json'

export const hasSoftwareVulkan = existsSync(ICD)

/** Said where tests are skipped. */
export const withoutSoftwareVulkan = `software Vulkan is not installed (${ICD}, from Debian's package chromium)`

export const softwareVulkanEnv: NodeJS.ProcessEnv = { ...process.env, VK_ICD_FILENAMES: ICD }

/** A driver list that names no driver at all. */
export const noVulkanEnv: NodeJS.ProcessEnv = { ...process.env, VK_ICD_FILENAMES: '/nonexistent.json', VK_DRIVER_FILES: '/nonexistent.json' }

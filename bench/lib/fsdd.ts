import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of the Free Spoken Digit Dataset's recordings, or null with a message. */
export function findFsdd(): string | null {
  const base = process.env['ESPECTRO_FSDD'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'fsdd')
  const folder = join(base, 'recordings')
  if (existsSync(folder)) return folder
  console.log('Skipped: the Free Spoken Digit Dataset is not here (set ESPECTRO_FSDD to its folder).')
  return null
}

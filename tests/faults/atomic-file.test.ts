import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sweepTemporaryFiles } from '../../src-main/kit/index.ts'

const kit = join(import.meta.dirname, '..', '..', 'src-main', 'kit', 'index.ts')
let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'espectro-atomic-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Replaces the file in another process that fails at the named point. */
function replaceIn(failPoint: string) {
  const script = `import { writeFileAtomic } from ${JSON.stringify(kit)};
    try { await writeFileAtomic(process.argv[1], 'new'.repeat(1000)) } catch (e) { console.log(e.code) }`
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, join(folder, 'file')], {
    env: { ...process.env, ESPECTRO_FAIL_POINT: failPoint },
    encoding: 'utf8',
  })
}

describe('writeFileAtomic', () => {
  it.each(['atomic.write', 'atomic.sync', 'atomic.rename'])('keeps the old file when killed at %s', async (point) => {
    writeFileSync(join(folder, 'file'), 'old')
    expect(replaceIn(point).signal).toBe('SIGKILL')
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old')
    await sweepTemporaryFiles(folder)
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it.each(['atomic.write', 'atomic.sync', 'atomic.rename'])('keeps the old file and no rubbish when the disk is full at %s', (point) => {
    writeFileSync(join(folder, 'file'), 'old')
    expect(replaceIn(`${point}:1:ENOSPC`).stdout.trim()).toBe('ENOSPC')
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it('writes the whole new file otherwise', () => {
    writeFileSync(join(folder, 'file'), 'old')
    replaceIn('none')
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('new'.repeat(1000))
    expect(readdirSync(folder)).toEqual(['file'])
  })
})

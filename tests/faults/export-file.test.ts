import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../src-main/kit/index.ts'
import { readModel, writeModel } from '../../src-main/models/index.ts'
import { toneModel } from '../support/tone-model.ts'

const models = join(import.meta.dirname, '..', '..', 'src-main', 'models', 'index.ts')
const bytes = toneModel()
let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-export-'))
  file = join(folder, 'tones.onnx')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Exports in another process that fails at the named point. */
function exportIn(failPoint: string) {
  writeFileSync(join(folder, 'source'), bytes)
  const script = `import { readFileSync } from 'node:fs'; import { writeModel } from ${JSON.stringify(models)};
    const r = await writeModel(process.argv[1], readFileSync(process.argv[2])); console.log(r.ok ? 'ok' : r.error.code)`
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, file, join(folder, 'source')], {
    env: { ...process.env, ESPECTRO_FAIL_POINT: failPoint },
    encoding: 'utf8',
  })
}

describe('an export that is interrupted', () => {
  it.each(['atomic.write', 'atomic.sync', 'atomic.rename'])('killed at %s: the old file, and the next export leaves only the new one', async (point) => {
    writeFileSync(file, 'old')
    expect(exportIn(point).signal).toBe('SIGKILL')
    expect(readFileSync(file, 'utf8')).toBe('old')
    unwrap(await writeModel(file, bytes))
    expect(readdirSync(folder).sort()).toEqual(['source', 'tones.onnx'])
    expect(unwrap(await readModel(file)).name).toBe('tones')
  })

  it.each(['atomic.write', 'atomic.sync', 'atomic.rename'])('a full disk at %s: DISK_FULL, the old file, nothing beside it', (point) => {
    writeFileSync(file, 'old')
    expect(exportIn(`${point}:1:ENOSPC`).stdout.trim()).toBe('DISK_FULL')
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(readdirSync(folder).sort()).toEqual(['source', 'tones.onnx'])
  })

  it('sweeps only what belongs to its own file', async () => {
    writeFileSync(`${file}.0123456789ab.espectro-tmp`, 'left by a crash')
    writeFileSync(join(folder, 'other.onnx.0123456789ab.espectro-tmp'), 'of another export')
    writeFileSync(`${file}.notes.espectro-tmp`, 'not ours')
    unwrap(await writeModel(file, bytes))
    expect(readdirSync(folder).sort()).toEqual(['other.onnx.0123456789ab.espectro-tmp', 'tones.onnx', 'tones.onnx.notes.espectro-tmp'])
  })
})

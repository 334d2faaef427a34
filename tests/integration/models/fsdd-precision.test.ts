import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDecodePool, type DecodePool } from '../../../src-main/audio/index.ts'
import type { Library } from '../../../src-main/catalog/index.ts'
import { FRONT_ENDS, withSampleRate } from '../../../src-main/features/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { makeModel, writeModel, type PrecisionName } from '../../../src-main/models/index.ts'
import { architectures } from '../../../src-main/nn/index.ts'
import { measureModel } from '../../../src-main/recognition/index.ts'
import { createTrainingRun, runSounds, suitedFrontEnd, trainRun } from '../../../src-main/runs/index.ts'
import { defaultSettings } from '../../../src-main/training/index.ts'
import { digitsLibrary } from '../../support/digits-library.ts'
import { fsddFolder, NO_FSDD } from '../../support/fsdd.ts'

/**
 * Real digits, the official split (takes 0 to 4 are the test), ten epochs each. Networks that have been trained for less
 * are less sure, and rounding turns more of their answers: TC-ResNet8 after five epochs lost or won two clips of 300.
 */
const EPOCHS = { lenet5: 10, 'tc-resnet8': 10, 'resnet-small': 10 } as const

describe.skipIf(fsddFolder === null)(`precisions of trained networks on real digits (else: ${NO_FSDD})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-precision-'))
  let library: Library
  let pool: DecodePool
  beforeAll(async () => {
    library = await digitsLibrary(folder)
    pool = createDecodePool()
  })
  afterAll(async () => {
    await pool[Symbol.asyncDispose]()
    library.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(Object.entries(EPOCHS))('%s: 16 and 8 bits within half a point of 32, and smaller', { timeout: 1_800_000 }, async (name, epochs) => {
    const architecture = architectures.get(name)!
    const frontEnd = unwrap(withSampleRate(FRONT_ENDS[suitedFrontEnd(architecture) as keyof typeof FRONT_ENDS], 8000))
    const settings = defaultSettings({ frontEnd, architecture, epochs, seed: 0 })
    const run = unwrap(await createTrainingRun(library, { dataset: 'digits', settings, device: 'cpu', threads: 1 })).id
    unwrap(await trainRun(library, run))
    const sounds = unwrap(await runSounds(library, pool, run, 'test', 300))
    expect(sounds).toHaveLength(300)
    const of = async (precision: PrecisionName) => {
      const { bytes } = unwrap(await makeModel(library, { run, name: null, precision }, { pool }))
      const file = join(folder, `${name}-${precision}.onnx`)
      unwrap(await writeModel(file, bytes))
      return { size: bytes.length, accuracy: unwrap(await measureModel(file, sounds)).accuracy }
    }
    const [whole, half, eight] = [await of('float32'), await of('float16'), await of('int8')]
    // One that has learned nothing would agree with itself in any precision.
    expect(whole.accuracy).toBeGreaterThan(0.85)
    for (const other of [half, eight]) {
      expect(other.size).toBeLessThan(whole.size)
      expect(100 * Math.abs(other.accuracy - whole.accuracy)).toBeLessThanOrEqual(0.5)
    }
  })
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { calibrate, exportModel, withoutFrontEnd } from '../../../src-main/models/index.ts'
import { OPSETS } from '../../../src-main/nn/index.ts'
import { labels, pairs, sound } from '../../integration/models/parts.ts'

const python = process.env['PYTHON']
const usable = python !== undefined && spawnSync(python, ['-c', 'import onnx']).status === 0

describe.skipIf(!usable)('the official checker of ONNX (skipped: set PYTHON to a Python with onnx)', () => {
  const small = pairs((a) => !['alexnet', 'alexnet-small', 'vgg-small', 'kwt-2', 'kwt-3'].includes(a.name))
  it('finds nothing wrong with any architecture in any opset, precision, with and without front end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'espectro-checker-'))
    try {
      const files: string[] = []
      const expected: number[] = []
      const write = (bytes: Uint8Array, opset: number) => {
        files.push(join(folder, `${files.length}.onnx`))
        expected.push(opset)
        writeFileSync(files.at(-1)!, bytes)
      }
      for (const [i, { input }] of small.entries()) {
        // Each model in one opset, and over the models every opset several times.
        const opset = OPSETS[i % OPSETS.length]!
        const whole = unwrap(exportModel({ ...input, opset }))
        write(whole, opset)
        write(unwrap(withoutFrontEnd(whole)), opset)
        write(unwrap(exportModel({ ...input, opset, precision: { type: 'float16' }, temperature: 1.3 })), opset)
      }
      for (const opset of OPSETS) {
        const { input } = small[0]!
        const ranges = unwrap(await calibrate(input, [sound(0.8, input.frontEnd.sampleRate, 1)]))
        write(unwrap(exportModel({ ...input, opset, precision: { type: 'int8', ranges } })), opset)
      }
      const run = spawnSync(python!, [join(import.meta.dirname, 'check-onnx.py'), ...files], { encoding: 'utf8', maxBuffer: 1 << 26 })
      expect(run.status, run.stderr).toBe(0)
      const answers = JSON.parse(run.stdout) as { opset: number; probabilities: (number | string)[]; known: number; nodes: number }[]
      expect(answers.map((a) => a.opset)).toEqual(expected)
      for (const { probabilities } of answers) expect(probabilities).toEqual(['N', labels.length])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

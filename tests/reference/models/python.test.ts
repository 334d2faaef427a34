import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { exportModel } from '../../../src-main/models/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'
import { labels, pairs, sound } from '../../integration/models/parts.ts'

const python = process.env['PYTHON']
const usable = python !== undefined && spawnSync(python, ['-c', 'import onnxruntime, numpy']).status === 0
const title = usable ? 'exported models in Python' : 'exported models in Python (skipped: set PYTHON to a Python with onnxruntime and numpy)'

interface Answer {
  readonly probabilities: number[]
  readonly labels: string[]
  readonly sampleRate: number
}

describe.skipIf(!usable)(title, () => {
  it('every architecture and front end gives the probabilities that it gives here', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'espectro-python-'))
    try {
      const expected: { name: string; rate: number; row: Float32Array }[] = []
      const jobs: { model: string; waveform: string }[] = []
      for (const [i, { name, input }] of pairs().entries()) {
        const bytes = unwrap(exportModel(input))
        const rate = input.frontEnd.sampleRate
        const waveform = sound(0.6 + 0.2 * (i % 5), rate, i)
        const job = { model: join(folder, `${i}.onnx`), waveform: join(folder, `${i}.f32`) }
        writeFileSync(job.model, bytes)
        writeFileSync(job.waveform, new Uint8Array(waveform.buffer))
        jobs.push(job)
        await using session = unwrap(await createSession(bytes, { device: 'cpu' }))
        const { probabilities } = await session.run({ waveform: tensor(waveform, [1, waveform.length]) })
        expected.push({ name, rate, row: floats(probabilities!) })
      }
      writeFileSync(join(folder, 'jobs.json'), JSON.stringify(jobs))
      const run = spawnSync(python!, [join(import.meta.dirname, 'check-python.py'), join(folder, 'jobs.json')], { encoding: 'utf8' })
      expect(run.status, run.stderr).toBe(0)
      const answers = JSON.parse(run.stdout) as Answer[]
      expect(answers).toHaveLength(expected.length)
      for (const [i, { name, rate, row }] of expected.entries()) {
        expect(answers[i]).toMatchObject({ labels, sampleRate: rate })
        const difference = Math.max(...answers[i]!.probabilities.map((p, c) => Math.abs(p - row[c]!)))
        expect(difference, name).toBeLessThanOrEqual(1e-4)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

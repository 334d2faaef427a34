import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { writeModel } from '../../../src-main/models/index.ts'
import { createLiveRecogniser, liveOptionsSchema, startModelProcess } from '../../../src-main/recognition/index.ts'
import { addTone, toneFrequency, toneModel } from '../../support/tone-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'espectro-hours-'))
const path = join(folder, 'tones.onnx')
beforeAll(async () => unwrap(await writeModel(path, toneModel())))
afterAll(() => rmSync(folder, { recursive: true }))

const RATE = 16_000
const MiB = 2 ** 20
/** Bytes that a process holds; the system's own count. */
const held = (pid: number): number => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])

describe.skipIf(!existsSync('/proc/self/status'))('four hours of sound, as fast as it goes (needs /proc)', () => {
  // A leak of one window of samples a judgement would be 1.3 GB by then, one of its features 330 MB.
  it.each([
    ['windows', 0.5],
    ['sounds', 0.5],
  ] as const)('mode %s: memory stays what it was after the first hour, when the heaps of the runtime have settled', async (mode, hop) => {
    const random = createRandom(1)
    const minute = Float32Array.from({ length: 60 * RATE }, () => 0.0005 * random.normal())
    for (let second = 5; second < 60; second += 10) addTone(minute, RATE, toneFrequency[second % 20 === 5 ? 'low' : 'high'], second, 0.3)
    await using model = unwrap(await startModelProcess(path, { threads: 1 }))
    const live = unwrap(await createLiveRecogniser(model, liveOptionsSchema.parse({ mode, hop, smoothing: 1 })))
    let detections = 0
    let early = { child: 0, parent: 0 }
    const memory = () => ({ child: held(model.pid!), parent: held(process.pid) })
    for (let done = 0; done < 240; done++) {
      if (done === 60) early = memory()
      for (let at = 0; at < minute.length; at += RATE)
        for (const event of unwrap(await live.push(minute.subarray(at, at + RATE)))) if (event.type === 'detection') detections++
    }
    const late = memory()
    // Six a minute, each heard.
    expect(detections).toBeGreaterThanOrEqual(0.9 * 6 * 240)
    expect((late.child - early.child) / MiB, 'MiB that the model’s process grew by').toBeLessThan(48)
    expect((late.parent - early.parent) / MiB, 'MiB that this process grew by').toBeLessThan(128)
    // Only the last minute can be recalled.
    expect(live.recall(240 * 60 - 59, 240 * 60 - 58)).toHaveLength(RATE)
    expect(live.recall(240 * 60 - 62, 240 * 60 - 61)).toBeNull()
  })
})

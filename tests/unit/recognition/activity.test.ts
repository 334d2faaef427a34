import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src-main/kit/index.ts'
import { activeWindows, backgroundLevel, createLevelMeter } from '../../../src-main/recognition/index.ts'

const rate = 16_000
/** Three seconds of faint noise with a loud burst from 1.4 to 1.6 s. */
function recording(noise = 0.001) {
  const random = createRandom(1)
  return Float32Array.from({ length: 3 * rate }, (_, i) => random.normal() * (i >= 1.4 * rate && i < 1.6 * rate ? 0.1 : noise))
}

/** The levels of samples that arrive in pieces of any size. */
function frameLevels(samples: Float32Array, sampleRate: number, piece = 777): Float32Array {
  const meter = createLevelMeter(sampleRate)
  for (let i = 0; i < samples.length; i += piece) meter.push(samples.subarray(i, i + piece))
  return meter.levels()
}

describe('activity', () => {
  it('levels are in dBFS: full scale is 0, half of it −6, silence −120', () => {
    expect(frameLevels(new Float32Array(640).fill(1), rate)[0]).toBeCloseTo(0, 5)
    expect(frameLevels(new Float32Array(640).fill(-0.5), rate)[1]).toBeCloseTo(-6.02, 2)
    expect([...frameLevels(new Float32Array(700), rate)]).toEqual([-120, -120, -120])
  })

  it('frames stay about 20 ms at rates where that is no whole number', () => {
    expect(createLevelMeter(11_025).frame).toBeCloseTo(0.02, 3)
    expect(frameLevels(new Float32Array(11_025), 11_025)).toHaveLength(50)
  })

  it('pieces of another size give the same levels', () => {
    expect(frameLevels(recording(), rate, 100)).toEqual(frameLevels(recording(), rate, 48_000))
  })

  it('the background is the level of the pauses', () => {
    expect(backgroundLevel(frameLevels(recording(), rate))).toBeCloseTo(-60, 0)
  })

  it('windows whose middle holds the burst are active, others not', () => {
    const active = activeWindows({ levels: frameLevels(recording(), rate), frame: 0.02 }, { windows: 21, hop: 0.1, length: 1 }, 10)
    expect(active.map((on, w) => (on ? w : -1)).filter((w) => w >= 0)).toEqual([7, 8, 9, 10, 11, 12, 13])
  })

  it('digital silence is never active', () => {
    expect(activeWindows({ levels: frameLevels(new Float32Array(rate), rate), frame: 0.02 }, { windows: 1, hop: 0.1, length: 1 }, 10)).toEqual([false])
  })
})

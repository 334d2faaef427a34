import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src-main/kit/index.ts'
import { createSampleRing } from '../../../src-main/recognition/live/sample-ring.ts'
import { createSoundGate, DEFAULT_GATE, type SoundSpan } from '../../../src-main/recognition/live/sound-gate.ts'

describe('the ring of samples', () => {
  it('gives any span that it still holds, and zeros where it holds none', () => {
    const ring = createSampleRing(10)
    for (let at = 0; at < 25; at += 5) ring.push(Float32Array.from({ length: 5 }, (_, i) => at + i + 1))
    expect(ring.end).toBe(25)
    expect([...ring.read(15, 25)]).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25])
    expect([...ring.read(22, 27)]).toEqual([23, 24, 25, 0, 0])
    expect([...ring.read(12, 17)]).toEqual([0, 0, 0, 16, 17])
  })

  it('keeps the end of what is longer than itself', () => {
    const ring = createSampleRing(4)
    ring.push(Float32Array.from([1, 2, 3]))
    ring.push(Float32Array.from([4, 5, 6, 7, 8, 9]))
    expect([...ring.read(5, 9)]).toEqual([6, 7, 8, 9])
  })
})

describe('the sound gate', () => {
  /** Frames of noise at −60 dBFS whose level wavers by a decibel or two, louder by `db` in the given spans. */
  function listen(frames: number, spans: readonly (SoundSpan & { readonly db: number })[], level = -60): SoundSpan[] {
    const random = createRandom(3)
    const gate = createSoundGate(DEFAULT_GATE)
    const found: SoundSpan[] = []
    for (let i = 0; i < frames; i++) {
      const louder = spans.find((s) => i >= s.start && i < s.end)?.db ?? 0
      const { closed } = gate.push(10 ** ((level + louder + random.normal()) / 10))
      if (closed) found.push(closed)
    }
    return found
  }

  it('finds sounds where they are, bridges the closure within a word, and parts two words', () => {
    const sounds = [{ start: 100, end: 140, db: 30 }, { start: 147, end: 160, db: 20 }, { start: 200, end: 230, db: 25 }]
    expect(listen(400, sounds)).toEqual([{ start: 100, end: 160 }, { start: 200, end: 230 }])
  })

  it('hears nothing in steady noise, soft or loud, nor in a click', () => {
    for (const level of [-80, -60, -30]) expect(listen(6000, [{ start: 500, end: 501, db: 40 }], level)).toEqual([])
  })

  it('takes a noise that stays for background after some seconds', () => {
    const found = listen(3000, [{ start: 500, end: 3000, db: 20 }, ])
    expect(found).toHaveLength(1)
    expect(found[0]!.start).toBe(500)
    expect(found[0]!.end).toBeLessThan(1100)
  })

  it('says nothing of sounds that are too soft to matter', () => {
    expect(listen(400, [{ start: 100, end: 140, db: 20 }], -100)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { parseCondition } from '../../../src-main/curation/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'

const clip = { take: '4', speaker: 'george', session: null, label: 'two words', duration: 0.5, path: 'a/b_4.wav', split: null }
const holds = (text: string, changes: object = {}) => unwrap(parseCondition(text))({ ...clip, ...changes })

describe('conditions on clips', () => {
  it.each([
    ['take<5', true],
    ['take < 4', false],
    ['take<=4', true],
    ['take>10', false], // numbers, not texts: '4' > '10' as text
    ['take=4.0', true],
    ['take==04', true],
    ['speaker=george', true],
    ['speaker!=george', false],
    ['label="two words"', true],
    [`label='two words' and take=4`, true],
    ['speaker=anna or take<5 and duration<0.1', false],
    ['(speaker=george or take<5) and duration<0.1', false],
    ['speaker=george or take<5 and duration<0.1', true],
    ['not take<5', false],
    ['not not take<5', true],
    ['NOT (speaker in (anna, george))', false],
    ['take in (1,2,4)', true],
    ['path~b_', true],
    ['path ~ ".mp3"', false],
    ['session=1', false],
    ['session<1', false],
    ['session!=1', true],
    ['session in (1)', false],
    ['speaker=and', false],
    ['duration >= 5e-1', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected)
  })

  it.each([
    ['', 1],
    ['take', 5],
    ['take<', 6],
    ['take<<5', 6],
    ['take<5 speaker=x', 8],
    ['(take<5', 8],
    ['take<5)', 7],
    ['colour=red', 1],
    ['take in 4', 9],
    ['take in (4', 11],
    [`label='x`, 7],
    ['duration<long', 10],
    ['take<5; process.exit()', 9],
    ['take<5 and', 11],
  ])('%j is refused at character %i', (text, place) => {
    const result = parseCondition(text)
    expect(result).toMatchObject({ ok: false, error: { code: 'USAGE' } })
    if (!result.ok) expect(result.error.message).toContain(`at character ${place}:`)
  })

  it('points at the place', () => {
    const result = parseCondition('speaker=george and takes<5')
    const [line, pointer] = result.ok ? [] : result.error.hint!.split('\n')
    expect(line!.slice(pointer!.indexOf('^'))).toBe('takes<5')
  })

  it('refuses what is too long or too deep without overflowing the stack', () => {
    expect(parseCondition('('.repeat(1000))).toMatchObject({ ok: false, error: { code: 'USAGE' } })
    expect(parseCondition(`${'not '.repeat(200)}take<5`).ok).toBe(true)
    expect(parseCondition('x'.repeat(100_000))).toMatchObject({ ok: false, error: { code: 'USAGE' } })
  })
})

import { describe, expect, it } from 'vitest'
import { createConsole, duration, percent, table } from '../../../src-main/app/console.ts'
import { AppError } from '../../../src-main/kit/index.ts'

function capture(json: boolean, isTTY = false) {
  const written = { out: '', err: '' }
  const console = createConsole(json, {
    out: { write: (t) => (written.out += t) },
    err: { write: (t) => (written.err += t), isTTY, columns: 20 },
  })
  return { console, written }
}

describe('console', () => {
  it('with --json prints only objects, one a line, and the result last', () => {
    const { console, written } = capture(true, true)
    console.say('for people')
    console.progress('50 %')
    console.event({ type: 'epoch', epoch: 1 })
    console.result({ added: 3 })
    expect(written.out.trimEnd().split('\n').map((l) => JSON.parse(l))).toEqual([
      { type: 'epoch', epoch: 1 },
      { type: 'result', added: 3 },
    ])
    expect(written.err).toBe('')
  })

  it('in text says lines to standard output, and shows progress only on a terminal, cut to its width', () => {
    const piped = capture(false)
    piped.console.progress('half')
    piped.console.say('done')
    piped.console.result({ added: 3 })
    expect(piped.written).toEqual({ out: 'done\n', err: '' })
    const terminal = capture(false, true)
    terminal.console.progress('a very long line of progress indeed')
    terminal.console.say('done')
    expect(terminal.written.err).toBe('\r\u001B[Ka very long line of\r\u001B[K')
  })

  it('names the file and the hint of an error, once', () => {
    const { console, written } = capture(false)
    console.error(new AppError('AUDIO_EMPTY', 'The file is empty', { file: 'a.wav', hint: 'Record it again.' }))
    console.error(new AppError('NOT_FOUND', 'No such file: b.wav', { file: 'b.wav' }))
    expect(written.err).toBe('espectro: a.wav: The file is empty\n  Record it again.\nespectro: No such file: b.wav\n')
    const json = capture(true)
    json.console.error(new AppError('INVALID', 'no'))
    expect(JSON.parse(json.written.out)).toEqual({ type: 'error', code: 'INVALID', message: 'no' })
  })
})

describe('words for numbers', () => {
  it('aligns numbers to the right and words to the left', () => {
    expect(table(['label', 'clips'], [['zero', '5'], ['one', '12']])).toBe('label  clips\n─────  ─────\nzero       5\none       12')
  })

  it.each([
    [0.84, '0.8 s'],
    [42.4, '42 s'],
    [185, '3 min 05 s'],
    [7800, '2 h 10 min'],
  ])('says %d seconds as %s', (seconds, text) => expect(duration(seconds)).toBe(text))

  it('says fractions in percent', () => expect(percent(0.9786)).toBe('97.9 %'))
})

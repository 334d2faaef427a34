import { describe, expect, it } from 'vitest'
import { readCsvLabels } from '../../../src-main/curation/csv-labels.ts'
import { unwrap } from '../../../src-main/kit/index.ts'

const read = (text: string) => unwrap(readCsvLabels(text, 'labels.csv'))

describe('labels from CSV', () => {
  it('reads quotes, line ends inside quotes, a byte-order mark and further columns', () => {
    const { clips, failed } = read('\uFEFFfile_name,Label,speaker,note\r\n"a, b.wav","say ""yes""",ana,"two\r\nlines"\r\nc.wav,no,,\r\n')
    expect(failed).toEqual([])
    expect(clips).toMatchObject([
      { file: 'a, b.wav', facts: { label: 'say "yes"', speaker: 'ana', extra: { note: 'two\nlines' } } },
      { file: 'c.wav', line: 4, facts: { label: 'no', speaker: null, extra: {} } },
    ])
  })

  it.each([';', '\t'])('finds the delimiter %j by itself', (d) => {
    const { clips } = read(['path', 'label', 'start', 'end'].join(d) + '\n' + ['x\\y.wav', 'si', '0.25', '1.5'].join(d))
    expect(clips).toMatchObject([{ file: 'x/y.wav', line: 2, facts: { label: 'si', startSeconds: 0.25, endSeconds: 1.5 } }])
  })

  it('knows the common names of the splits', () => {
    const { clips } = read('file,split\na.wav,train\nb.wav,dev\nc.wav,VAL\nd.wav,testing\ne.wav,')
    expect(clips.map((c) => c.facts.split)).toEqual(['train', 'validation', 'validation', 'test', null])
  })

  it('names the line of every row that makes no sense, and takes the others', () => {
    const { clips, failed } = read(
      ['file,label,start,end,split', 'a.wav,x,abc,1,', 'b.wav,x,2,1,', ',x,,,', 'c.wav,x', 'd.wav,x,,,other', '', 'e.wav,x,0,-1,', 'ok.wav,x,1,,'].join('\n'),
    )
    expect(clips).toMatchObject([{ file: 'ok.wav', line: 9, facts: { startSeconds: 1, endSeconds: null } }])
    expect(failed.map((f) => f.message.slice(0, 6))).toEqual(['Line 2', 'Line 3', 'Line 4', 'Line 5', 'Line 6', 'Line 8'])
    expect(failed.every((f) => f.file === 'labels.csv')).toBe(true)
  })

  it('refuses a file without a column of files, without a header, or with an open quote', () => {
    for (const text of ['name,label\na,b', '', '\n\n', 'file,label\n"a.wav,b'])
      expect(readCsvLabels(text, 'labels.csv')).toMatchObject({ ok: false, error: { code: 'INVALID', file: 'labels.csv' } })
  })
})

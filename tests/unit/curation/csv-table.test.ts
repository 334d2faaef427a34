import { describe, expect, it } from 'vitest'
import { readCsvLabels } from '../../../src-main/curation/csv-labels.ts'
import { readTable } from '../../../src-main/curation/csv-table.ts'
import { unwrap } from '../../../src-main/kit/index.ts'

const read = (text: string, options = {}) => unwrap(readTable(text, 'x.csv', options))

describe('a table of labels', () => {
  it.each([
    ['titles that it knows', 'Filename;Class\na.wav;yes', true, { file: 0, label: 1 }],
    ['no header, files by their extension', 'yes,a.wav\nno,b.wav', false, { file: 1 }],
    ['titles that it does not know, files by their extension', 'sound|meaning\na.flac|yes', true, { file: 0 }],
    ['Raven’s titles', 'Selection\tBegin Time (s)\tEnd Time (s)\tBegin Path\tSpecies\n1\t0.5\t1.5\tC:\\x\\a.wav\towl', true, { start: 1, end: 2, file: 3, label: 4 }],
    ['nothing', '', true, {}],
  ])('is understood by %s', (_, text, header, columns) => {
    expect(read(text)).toMatchObject({ header, columns })
  })

  it('is read as the person says', () => {
    const text = 'a.wav,uno;ana\nb.wav,dos;luis'
    expect(read(text, { delimiter: ';', header: false }).rows.map((r) => r.record)).toEqual([['a.wav,uno', 'ana'], ['b.wav,dos', 'luis']])
    expect(read('x,y\nz,w', { header: false })).toMatchObject({ titles: ['1', '2'], rows: [{ line: 1 }, { line: 2 }] })
    const labels = unwrap(readCsvLabels('uno,ana,a.wav\ndos,luis,b.wav', 'x.csv', { header: false, columns: { file: 2, label: 0 } }))
    expect(labels.clips).toMatchObject([
      { file: 'a.wav', line: 1, facts: { label: 'uno', speaker: null, extra: { 2: 'ana' } } },
      { file: 'b.wav', line: 2, facts: { label: 'dos' } },
    ])
  })
})

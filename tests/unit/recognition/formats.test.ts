import { describe, expect, it } from 'vitest'
import { formatRecognitions, RECOGNITION_FORMATS, type Recognition } from '../../../src-main/recognition/index.ts'

const recognitions: Recognition[] = [
  { kind: 'clip', file: 'a, "b".wav', duration: 0.5, label: 'seven', probability: 0.9, scores: { seven: 0.9, nine: 0.1 } },
  {
    kind: 'stream',
    file: 'long.flac',
    duration: 60,
    detections: [
      { label: 'nine', probability: 0.75, start: 1.25, end: 1.75 },
      { label: 'tab\there', probability: 1, start: 2, end: 2.5 },
    ],
  },
]

describe('formats of recognition', () => {
  it('text', () => {
    expect(formatRecognitions(recognitions, 'text')).toBe(
      ' 90.0 %  seven  a, "b".wav\n' +
        'long.flac  (60.0 s, 2 detections)\n' +
        '      1.25 –    1.75 s  75.0 %  nine\n' +
        '      2.00 –    2.50 s 100.0 %  tab\there\n',
    )
    expect(formatRecognitions([{ ...recognitions[1]!, detections: [] } as Recognition], 'text')).toContain('nothing detected')
  })

  it('CSV, quoted where needed', () => {
    expect(formatRecognitions(recognitions, 'csv').split('\r\n')).toEqual([
      'file,start,end,label,probability,p(seven),p(nine)',
      '"a, ""b"".wav",0.000,0.500,seven,0.900000,0.900000,0.100000',
      'long.flac,1.250,1.750,nine,0.750000,,',
      'long.flac,2.000,2.500,tab\there,1.000000,,',
      '',
    ])
  })

  it('JSON gives back the values', () => {
    expect(JSON.parse(formatRecognitions(recognitions, 'json'))).toEqual(recognitions)
  })

  it('Audacity: three columns, one line each, files end to end', () => {
    expect(formatRecognitions(recognitions, 'audacity')).toBe(
      '0.000000\t0.500000\tseven\n1.750000\t2.250000\tnine\n2.500000\t3.000000\ttab here\n',
    )
  })

  it('Raven: a header and rows of equal width, offsets within the file', () => {
    const rows = formatRecognitions(recognitions, 'raven').trimEnd().split('\n').map((line) => line.split('\t'))
    expect(rows).toHaveLength(4)
    expect(new Set(rows.map((r) => r.length))).toEqual(new Set([11]))
    const row = Object.fromEntries(rows[0]!.map((name, i) => [name, rows[2]![i]]))
    expect(row).toMatchObject({
      Selection: '2',
      View: 'Spectrogram 1',
      Channel: '1',
      'Begin Time (s)': '1.750000',
      'End Time (s)': '2.250000',
      'Begin Path': 'long.flac',
      'File Offset (s)': '1.250000',
      Label: 'nine',
    })
  })

  it('nothing recognised is still a valid file in every format', () => {
    expect(RECOGNITION_FORMATS.map((f) => formatRecognitions([], f).split(/\r?\n/)[0])).toEqual([
      '',
      '[]',
      'file,start,end,label,probability',
      '',
      expect.stringMatching(/^Selection\tView/),
    ])
  })
})

import { spansOf, type Recognition } from '../recognition.ts'

const header = [
  'Selection', 'View', 'Channel', 'Begin Time (s)', 'End Time (s)', 'Low Freq (Hz)', 'High Freq (Hz)',
  'Begin Path', 'File Offset (s)', 'Label', 'Score',
] // prettier-ignore

const clean = (text: string) => text.replaceAll(/[\t\r\n]/g, ' ')

/**
 * A Raven selection table. Begin and end times count along all files in their order, the file offset within
 * the file. A recogniser bounds no frequencies: 0 to 8 kHz is written, since Raven wants a box.
 */
export function formatRaven(recognitions: readonly Recognition[]): string {
  let offset = 0
  const rows: string[][] = []
  for (const r of recognitions) {
    for (const d of spansOf(r)) {
      const times = [offset + d.start, offset + d.end].map((t) => t.toFixed(6))
      const place = [clean(r.file), d.start.toFixed(6), clean(d.label), d.probability.toFixed(6)]
      rows.push([String(rows.length + 1), 'Spectrogram 1', '1', ...times, '0.0', '8000.0', ...place])
    }
    offset += r.duration
  }
  return [header, ...rows].map((row) => `${row.join('\t')}\n`).join('')
}

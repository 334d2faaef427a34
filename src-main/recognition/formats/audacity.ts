import { spansOf, type Recognition } from '../recognition.ts'

/**
 * An Audacity label track: start, end (seconds) and text, tab-separated. A track belongs to one recording;
 * several recordings follow one another on one time line, as Audacity places imported tracks end to end.
 */
export function formatAudacity(recognitions: readonly Recognition[]): string {
  let offset = 0
  const lines: string[] = []
  for (const r of recognitions) {
    for (const d of spansOf(r))
      lines.push(`${(offset + d.start).toFixed(6)}\t${(offset + d.end).toFixed(6)}\t${d.label.replaceAll(/[\t\r\n]/g, ' ')}\n`)
    offset += r.duration
  }
  return lines.join('')
}

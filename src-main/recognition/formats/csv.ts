import { spansOf, type Recognition } from '../recognition.ts'

const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** RFC 4180, times in seconds; recognised clips add a column for each label's probability. */
export function formatCsv(recognitions: readonly Recognition[]): string {
  const labels = [...new Set(recognitions.flatMap((r) => (r.kind === 'clip' ? Object.keys(r.scores) : [])))]
  const rows = recognitions.flatMap((r) =>
    spansOf(r).map((d) => [
      field(r.file),
      d.start.toFixed(3),
      d.end.toFixed(3),
      field(d.label),
      d.probability.toFixed(6),
      ...labels.map((label) => (r.kind === 'clip' ? (r.scores[label]?.toFixed(6) ?? '') : '')),
    ]),
  )
  const header = ['file', 'start', 'end', 'label', 'probability', ...labels.map((label) => field(`p(${label})`))]
  return [header, ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}

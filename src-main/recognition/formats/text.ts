import type { Recognition } from '../recognition.ts'

const percent = (p: number) => `${(100 * p).toFixed(1)} %`.padStart(7)
const seconds = (s: number) => s.toFixed(2).padStart(8)

/** For a person at a terminal. */
export function formatText(recognitions: readonly Recognition[]): string {
  return recognitions
    .map((r) => {
      if (r.kind === 'clip') return `${percent(r.probability)}  ${r.label}  ${r.file}\n`
      const lines = r.detections.map((d) => `  ${seconds(d.start)} –${seconds(d.end)} s ${percent(d.probability)}  ${d.label}\n`)
      return `${r.file}  (${r.duration.toFixed(1)} s, ${count(r.detections.length)})\n${lines.join('')}`
    })
    .join('')
}

const count = (n: number) => (n === 0 ? 'nothing detected' : n === 1 ? '1 detection' : `${n} detections`)

/**
 * What the command line says. Text for a person, or with `--json` one object a line whose last has
 * `"type":"result"` (or `"type":"error"`). Results go to standard output; progress and errors in text go to
 * standard error, so that output can be piped.
 */
import type { AppError } from '../kit/index.ts'

export interface Console {
  readonly json: boolean
  /** A line for a person; nothing with `--json`. */
  say(text: string): void
  /** A passing state: overwrites itself on a terminal, silent elsewhere. */
  progress(text: string): void
  /** A line for a program; nothing without `--json`. */
  event(event: { readonly type: string } & Record<string, unknown>): void
  /** The last line of a command that did what it was asked. */
  result(result: Record<string, unknown>): void
  error(error: AppError): void
}

export interface Streams {
  readonly out: { write(text: string): unknown }
  readonly err: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }
}

export function createConsole(json: boolean, streams: Streams = { out: process.stdout, err: process.stderr }): Console {
  const { out, err } = streams
  const terminal = !json && err.isTTY === true
  let passing = false
  const clear = (): void => {
    if (passing) err.write('\r\u001B[K')
    passing = false
  }
  const line = (value: Record<string, unknown>) => out.write(`${JSON.stringify(value)}\n`)
  return {
    json,
    say(text) {
      clear()
      if (!json) out.write(`${text}\n`)
    },
    progress(text) {
      if (!terminal) return
      err.write(`\r\u001B[K${text.slice(0, (err.columns ?? 80) - 1)}`)
      passing = true
    },
    event(event) {
      if (json) line(event)
    },
    result(result) {
      clear()
      if (json) line({ type: 'result', ...result })
    },
    error(error) {
      clear()
      if (json) line({ type: 'error', ...error.toJSON() })
      else err.write(`espectro: ${error.file === undefined || error.message.includes(error.file) ? '' : `${error.file}: `}${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`)
    },
  }
}

/** Columns aligned by two spaces; columns whose every cell is a number stand to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => (r[i] ?? '').length)))
  const right = head.map((_, i) => rows.length > 0 && rows.every((r) => /^[-+\d.,%×\s]*$/.test(r[i] ?? '')))
  const format = (cells: readonly string[]) =>
    head.map((_, i) => (right[i] ? (cells[i] ?? '').padStart(widths[i]!) : (cells[i] ?? '').padEnd(widths[i]!))).join('  ').trimEnd()
  return [format(head), widths.map((w) => '─'.repeat(w)).join('  '), ...rows.map(format)].join('\n')
}

export const percent = (fraction: number, digits = 1): string => `${(100 * fraction).toFixed(digits)} %`

/** Seconds as a person reads them: `0.8 s`, `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${String(Math.round(seconds % 60)).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

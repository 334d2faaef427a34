/**
 * Curves of runs out of their metrics logs. A log is read once and then only what was added, so that a curve of
 * ten thousand steps can be asked for several times a second while it grows.
 */
import { open, stat } from 'node:fs/promises'
import { decimate, type Points } from './decimate.ts'
import { EPOCH_SECONDS, SECONDS } from './places.ts'

export interface Series extends Points {
  /** `train.loss`, `train.accuracy`, `validation.loss`, `validation.accuracy`, `learningRate`, `gradientNorm`, `gradient.<layer>`. */
  readonly name: string
  /** Points before they were made fewer. */
  readonly total: number
}

export interface MetricsReader {
  /** The curves of a log by step; a log that is not there has none. Names that begin with `gradient.` come only where `layers` is set. */
  read(path: string, options: { readonly points: number; readonly layers: boolean }): Promise<Series[]>
  /** Every point of every curve, by name; also `SECONDS` and `EPOCH_SECONDS`, where the log has them. */
  readAll(path: string): Promise<ReadonlyMap<string, Points>>
}

const TIMES: readonly string[] = [SECONDS, EPOCH_SECONDS]

interface Growing {
  readonly x: number[]
  readonly y: number[]
}

interface Known {
  /** Bytes that were read. */
  offset: number
  /** Of the file: a run that goes on or starts anew writes its log afresh. */
  inode: number
  rest: string
  readonly series: Map<string, Growing>
}

/** Logs that are remembered, as many as are compared at once; of a run that nobody looks at the next look reads everything. */
const REMEMBERED = 64

export function createMetricsReader(): MetricsReader {
  const logs = new Map<string, Known>()
  const waiting = new Map<string, Promise<Known | null>>()

  async function update(path: string): Promise<Known | null> {
    const file = await open(path, 'r').catch(() => null)
    if (!file) return null
    try {
      const { size, ino } = await file.stat()
      let known = logs.get(path)
      if (!known || known.inode !== ino || size < known.offset) known = { offset: 0, inode: ino, rest: '', series: new Map() }
      logs.delete(path)
      logs.set(path, known)
      for (const old of [...logs.keys()].slice(0, Math.max(0, logs.size - REMEMBERED))) logs.delete(old)
      if (size > known.offset) {
        const bytes = Buffer.alloc(size - known.offset)
        const { bytesRead } = await file.read(bytes, 0, bytes.length, known.offset)
        known.offset += bytesRead
        const lines = (known.rest + bytes.toString('utf8', 0, bytesRead)).split('\n')
        known.rest = lines.pop()!
        for (const line of lines) addLine(known.series, line)
      }
      return known
    } finally {
      await file.close()
    }
  }

  /** One reading at a time: two at once would take the same bytes twice. */
  function current(path: string): Promise<Known | null> {
    const mine = (waiting.get(path) ?? Promise.resolve(null)).catch(() => null).then(() => update(path))
    waiting.set(path, mine)
    void mine.catch(() => null).finally(() => waiting.get(path) === mine && waiting.delete(path))
    return mine
  }

  const readAll = async (path: string): Promise<ReadonlyMap<string, Points>> =>
    (await stat(path).catch(() => null)) === null ? new Map() : ((await current(path))?.series ?? new Map())

  return {
    readAll,
    async read(path, { points, layers }) {
      return [...(await readAll(path))]
        .filter(([name]) => !TIMES.includes(name) && (layers || !name.startsWith(LAYER)))
        .map(([name, all]) => ({ name, total: all.x.length, ...decimate(all, points) }))
    },
  }
}

const LAYER = 'gradient.'

/** A line that is torn or foreign is left out. */
function addLine(series: Map<string, Growing>, text: string): void {
  const line = parse(text)
  if (!line || typeof line['step'] !== 'number') return
  const step = line['step']
  const add = (name: string, value: unknown): void => {
    if (typeof value !== 'number') return
    let growing = series.get(name)
    if (!growing) series.set(name, (growing = { x: [], y: [] }))
    growing.x.push(step)
    growing.y.push(value)
  }
  if (line['type'] === 'step') {
    add('train.loss', line['loss'])
    add('train.accuracy', line['accuracy'])
    add('learningRate', line['learningRate'])
    add('gradientNorm', line['gradientNorm'])
    add(SECONDS, line['seconds'])
    for (const [layer, norm] of Object.entries(asRecord(line['gradientNorms']) ?? {})) add(LAYER + layer, norm)
  } else if (line['type'] === 'epoch') {
    const validation = asRecord(line['validation'])
    add('validation.loss', validation?.['loss'])
    add('validation.accuracy', validation?.['accuracy'])
    add(EPOCH_SECONDS, line['seconds'])
  }
}

const asRecord = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null

function parse(text: string): Record<string, unknown> | null {
  try {
    return asRecord(JSON.parse(text))
  } catch {
    return null
  }
}

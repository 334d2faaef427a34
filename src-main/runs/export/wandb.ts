/**
 * The file of a W&B run that was made offline: `wandb sync` sends it. `Record` messages (wandb_internal.proto) in blocks of
 * 32 KiB as LevelDB writes its log, with plain CRC-32 checksums. Pure.
 */
import { crc32 } from 'node:zlib'
import { int, join, message, text } from './protobuf.ts'
import type { LoggedRun } from './run-log.ts'

const BLOCK = 32_768
/** Checksum, length, type. */
const HEAD = 7
const MAGIC = Uint8Array.of(...new TextEncoder().encode(':W&B'), 0xe1, 0xbe, 0)
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4]

/** With `nested_key`, so that a name with a dot stays one name. */
const nested = (field: number, key: string, value: unknown): Uint8Array => message(field, text(2, key), text(16, JSON.stringify(value)))

export function wandbFile(run: LoggedRun): Uint8Array<ArrayBuffer> {
  let number = 0
  const record = (...members: readonly Uint8Array[]): Uint8Array => join([int(1, ++number), ...members])
  const seconds = Math.floor(run.startedAt)
  const records = [
    record(message(21, message(1, text(1, '0.30.0'), text(2, '0.11.0')))),
    record(message(17,
      text(1, run.id), text(3, run.project), message(4, ...[...run.settings].map(([path, value]) => nested(1, path, value))),
      ...(run.group === null ? [] : [text(6, run.group)]), text(8, run.name), ...(run.note === '' ? [] : [text(9, run.note)]), ...run.tags.map((tag) => text(10, tag)),
      message(17, int(1, seconds), int(2, Math.round((run.startedAt - seconds) * 1e9))),
    )),
    ...run.steps.map(({ step, seconds: time, values }) => record(message(2,
      ...Object.entries({ ...values, _step: step, _runtime: time, _timestamp: run.startedAt + time }).map(([key, value]) => nested(1, key, value)), message(2, int(1, step)),
    ))),
    record(message(3, ...Object.entries(run.summary).map(([key, value]) => nested(1, key, value)))),
    ...(run.finished ? [record(message(18, int(1, 0), int(2, Math.round(run.steps.at(-1)?.seconds ?? 0))))] : []),
  ]
  return inBlocks(records)
}

/** A record that does not fit into the rest of a block is cut; a rest too small for a head is filled with zeros. */
function inBlocks(records: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [MAGIC]
  let at = MAGIC.length
  const add = (type: number, data: Uint8Array): void => {
    const head = new Uint8Array(HEAD)
    const view = new DataView(head.buffer)
    view.setUint32(0, crc32(data, crc32(Uint8Array.of(type))), true)
    view.setUint16(4, data.length, true)
    head[6] = type
    parts.push(head, data)
    at += HEAD + data.length
  }
  for (const record of records) {
    let rest = record
    for (let first = true; ; first = false) {
      let room = BLOCK - (at % BLOCK)
      if (room < HEAD) {
        parts.push(new Uint8Array(room))
        at += room
        room = BLOCK
      }
      const piece = rest.subarray(0, room - HEAD)
      rest = rest.subarray(piece.length)
      add(rest.length === 0 ? (first ? FULL : LAST) : first ? FIRST : MIDDLE, piece)
      if (rest.length === 0) break
    }
  }
  return join(parts)
}

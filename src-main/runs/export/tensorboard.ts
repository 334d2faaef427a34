/**
 * TensorBoard's event file: framed `Event` messages (tensorflow/core/util/event.proto), numbers as scalars and the settings
 * for its HParams page (tensorboard/plugins/hparams/plugin_data.proto). Pure.
 */
import { bytes, double, flag, float, int, join, message, text } from './protobuf.ts'
import type { LoggedRun } from './run-log.ts'

const CASTAGNOLI = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc >>> 0
})

/** CRC-32C, rotated and shifted as TFRecord files want it, so that a checksum of checksums stays a good one. */
function maskedCrc(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) crc = CASTAGNOLI[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  crc = ~crc >>> 0
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

/** uint64 length, its checksum, the data, its checksum; all little-endian. */
function frame(data: Uint8Array): Uint8Array {
  const head = new Uint8Array(12)
  const view = new DataView(head.buffer)
  view.setBigUint64(0, BigInt(data.length), true)
  view.setUint32(8, maskedCrc(head.subarray(0, 8)), true)
  const tail = new Uint8Array(4)
  new DataView(tail.buffer).setUint32(0, maskedCrc(data), true)
  return join([head, data, tail])
}

const scalar = (tag: string, value: number): Uint8Array => message(1, text(1, tag), float(2, value))
/** A value without a number: what it says is in its plugin's data. */
const session = (tag: string, content: Uint8Array): Uint8Array => message(1, text(1, tag), message(9, message(1, text(1, 'hparams'), bytes(2, content))))
/** `google.protobuf.Value` */
const setting = (value: string | number | boolean): Uint8Array => (typeof value === 'number' ? double(2, value) : typeof value === 'string' ? text(3, value) : flag(4, value))

/** `Status` of the session: it ended well, or is under way. */
const [SUCCESS, RUNNING] = [1, 3]

export function tensorBoardEvents(run: LoggedRun): Uint8Array<ArrayBuffer> {
  const last = run.steps.at(-1)
  const hparams = [...run.settings].flatMap(([path, value]) => (value === null ? [] : [message(1, text(1, path), message(2, setting(value)))]))
  const started = join([int(1, 0), message(3, ...hparams, ...(run.group === null ? [] : [text(4, run.group)]), double(5, run.startedAt))])
  const ended = join([int(1, 0), message(4, int(1, run.finished ? SUCCESS : RUNNING), double(2, run.startedAt + (last?.seconds ?? 0)))])
  const event = (seconds: number, step: number, ...values: readonly Uint8Array[]): Uint8Array => frame(join([double(1, run.startedAt + seconds), int(2, step), message(5, ...values)]))
  return join([
    frame(join([double(1, run.startedAt), text(3, 'brain.Event:2')])),
    event(0, 0, session('_hparams_/session_start_info', started)),
    ...run.steps.map(({ step, seconds, values }) => event(seconds, step, ...Object.entries(values).map(([tag, value]) => scalar(tag, value)))),
    ...(Object.keys(run.summary).length === 0 ? [] : [event(last?.seconds ?? 0, last?.step ?? 0, ...Object.entries(run.summary).map(([tag, value]) => scalar(`result/${tag}`, value)))]),
    event(last?.seconds ?? 0, last?.step ?? 0, session('_hparams_/session_end_info', ended)),
  ])
}

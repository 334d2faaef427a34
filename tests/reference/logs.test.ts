import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { tensorBoardEvents, wandbFile, type LoggedRun, type SettingValue } from '../../src-main/runs/index.ts'

interface Reference {
  tensorboardVersion: string
  wandbVersion: string
  run: Omit<LoggedRun, 'settings'> & { settings: [string, SettingValue][] }
  /** The file, and the messages, in hexadecimal. */
  tensorboard: string
  wandb: string[]
}
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'logs', 'logs.json'), 'utf8')) as Reference
const run: LoggedRun = { ...reference.run, settings: new Map(reference.run.settings) }

/** The messages of a W&B file, its blocks read as LevelDB's log is described, checksums checked. */
function readWandb(file: Buffer): string[] {
  expect(file.subarray(0, 7)).toEqual(Buffer.from(':W&B\xe1\xbe\0', 'latin1'))
  const records: string[] = []
  let pieces: Buffer[] = []
  for (let at = 7; at < file.length; ) {
    const left = 32_768 - (at % 32_768)
    if (left < 7) {
      expect(file.subarray(at, at + left)).toEqual(Buffer.alloc(left))
      at += left
      continue
    }
    const [sum, length, type] = [file.readUInt32LE(at), file.readUInt16LE(at + 4), file[at + 6]!]
    expect(length).toBeLessThanOrEqual(left - 7)
    const body = file.subarray(at + 6, at + 7 + length)
    expect(crc32(body)).toBe(sum)
    expect(pieces.length === 0 ? [1, 2] : [3, 4]).toContain(type)
    pieces.push(body.subarray(1))
    at += 7 + length
    if (type !== 1 && type !== 4) continue
    records.push(Buffer.concat(pieces).toString('hex'))
    pieces = []
  }
  expect(pieces).toEqual([])
  return records
}

describe('logs for other programs', () => {
  it(`are byte for byte what TensorBoard ${reference.tensorboardVersion} writes of the run`, () => {
    expect(Buffer.from(tensorBoardEvents(run)).toString('hex')).toBe(reference.tensorboard)
  })

  it(`hold the messages that W&B ${reference.wandbVersion} makes of the run`, () => {
    expect(readWandb(Buffer.from(wandbFile(run)))).toEqual(reference.wandb)
  })

  it('are cut into blocks wherever a message ends', () => {
    const steps = Array.from({ length: 3000 }, (_, i) => ({ step: i + 1, seconds: i / 7, values: { 'train.loss': 1 / (i + 1), name: i % 13 } }))
    // Messages of many lengths, and one that spans several blocks.
    for (const note of ['', 'x'.repeat(5), 'y'.repeat(9000), 'z'.repeat(100_000)]) {
      const records = readWandb(Buffer.from(wandbFile({ ...run, note, steps })))
      expect(records).toHaveLength(2 + steps.length + 2)
      expect(records.at(-1)).toBe(Buffer.from([0x08, ...varint(records.length), 0x92, 0x01, 0x03, 0x10, ...varint(Math.round(2999 / 7))]).toString('hex'))
    }
  })
})

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))])

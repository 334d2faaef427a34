import { crc16, crc8 } from '../../../src-main/audio/crc.ts'

/** A FLAC file of unknown length with `blocks` valid blocks, each 65,535 samples of silence in 8 channels. */
export function constantFlac(blocks: number): Uint8Array<ArrayBuffer> {
  const info = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0x03, 0xe8, 0x0e, 0xf0, 0, 0, 0, 0, ...new Uint8Array(16)]
  const parts: number[] = [0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34, ...info]
  for (let n = 0; n < blocks; n++) {
    const number = n < 128 ? [n] : n < 2048 ? [0xc0 | (n >> 6), 0x80 | (n & 63)] : [0xe0 | (n >> 12), 0x80 | ((n >> 6) & 63), 0x80 | (n & 63)]
    const header = Uint8Array.from([0xff, 0xf8, 0x70, 0x78, ...number, 0xff, 0xfe])
    const frame = Uint8Array.from([...header, crc8(header, 0, header.length), ...Array.from({ length: 8 }, () => [0, 0, 0]).flat()])
    const sum = crc16(frame, 0, frame.length)
    parts.push(...frame, sum >> 8, sum & 255)
  }
  return Uint8Array.from(parts)
}

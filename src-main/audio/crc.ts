/** Cyclic redundancy checks without reflection, most significant bit first, as FLAC and Ogg define theirs. */
const tableOf = (width: number, polynomial: number): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte * 2 ** (width - 8)
    for (let bit = 0; bit < 8; bit++) {
      const top = crc >= 2 ** (width - 1)
      crc = (crc * 2) % 2 ** width
      if (top) crc = (crc ^ polynomial) >>> 0
    }
    return crc
  })

const CRC8 = tableOf(8, 0x07)
const CRC16 = tableOf(16, 0x8005)
const CRC32 = tableOf(32, 0x04c11db7)

/** Of a FLAC frame's header. */
export function crc8(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0
  for (let i = start; i < end; i++) crc = CRC8[crc ^ bytes[i]!]!
  return crc
}

/** Of a whole FLAC frame. */
export function crc16(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0
  for (let i = start; i < end; i++) crc = ((crc << 8) & 0xffff) ^ CRC16[(crc >> 8) ^ bytes[i]!]!
  return crc
}

/** Of an Ogg page whose own CRC field, the bytes 22 to 25, counts as zero. */
export function oggCrc(page: Uint8Array): number {
  let crc = 0
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : page[i]!
    crc = ((crc << 8) ^ CRC32[(crc >>> 24) ^ byte]!) >>> 0
  }
  return crc
}

import type { ByteSource } from './byte-source.ts'
import { empty, truncated, unsupported } from './faults.ts'
import type { AudioInfo } from './pcm.ts'
import { skipId3 } from './sniff.ts'

const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350]

/** AAC as bare frames (ISO 13818-7, section 6.2): their headers are walked and counted. */
export function probeAdts(source: ByteSource): AudioInfo {
  let count = 0
  let sampleRate = 0
  let channels = 0
  for (let offset = skipId3(source); offset + 7 <= source.size; ) {
    const head = source.read(offset, 7)
    if (head[0] !== 0xff || (head[1]! & 0xf6) !== 0xf0) break
    const size = ((head[3]! & 3) << 11) | (head[4]! << 3) | (head[5]! >> 5)
    if (size < 7) break
    if (offset + size > source.size) throw truncated('The AAC file ends in the middle of a frame')
    if (count === 0) {
      sampleRate = RATES[(head[2]! >> 2) & 15] ?? 0
      channels = ((head[2]! & 1) << 2) | (head[3]! >> 6)
    }
    count += 1 + (head[6]! & 3)
    offset += size
  }
  if (count === 0 || sampleRate === 0) throw count === 0 ? empty('The AAC file holds no sound') : unsupported('The AAC file has a header that is not known')
  return { container: 'adts', codec: 'aac', sampleRate, channels: channels || 2, frames: count * 1024, durationSeconds: (count * 1024) / sampleRate }
}

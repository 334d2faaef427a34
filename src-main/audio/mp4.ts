import { ascii, type ByteSource, view } from './byte-source.ts'
import { checkFormat, corrupt, truncated } from './faults.ts'
import type { AudioInfo } from './pcm.ts'

interface Box {
  readonly name: string
  readonly offset: number
  readonly end: number
}

/** The boxes from `offset` to `end` (ISO 14496-12, section 4.2). Throws where one goes on beyond the end. */
function* walkBoxes(source: ByteSource, offset: number, end: number): Generator<Box> {
  while (offset + 8 <= end) {
    const head = source.read(offset, 16)
    const data = view(head)
    let size = data.getUint32(0, false)
    let start = 8
    if (size === 1 && head.length === 16) {
      size = Number(data.getBigUint64(8, false))
      start = 16
    } else if (size === 0) size = end - offset
    if (size < start) throw corrupt(`The MP4 file is damaged at byte ${offset}`)
    const name = ascii(head, 4, 4)
    if (offset + size > end) throw truncated(`The MP4 file ends ${(offset + size - end).toLocaleString('en')} bytes too early`)
    yield { name, offset: offset + start, end: offset + size }
    offset += size
  }
}

function find(source: ByteSource, parent: Box, path: readonly string[]): Box | undefined {
  let box: Box | undefined = parent
  for (const name of path) {
    const { offset, end }: Box = box
    box = [...walkBoxes(source, offset, end)].find((b) => b.name === name)
    if (!box) return undefined
  }
  return box
}

const CODECS: Readonly<Record<string, string>> = { mp4a: 'aac', alac: 'alac', Opus: 'opus', fLaC: 'flac', 'ac-3': 'ac3' }

/** Length, rate and channels of the first sound track. */
export function probeMp4(source: ByteSource): AudioInfo {
  let movie: Box | undefined
  for (const box of walkBoxes(source, 0, source.size)) if (box.name === 'moov') movie = box
  if (!movie) throw truncated('The MP4 file lacks its index: the recording was not finished')
  for (const track of walkBoxes(source, movie.offset, movie.end)) {
    if (track.name !== 'trak') continue
    const handler = find(source, track, ['mdia', 'hdlr'])
    if (!handler || ascii(source.read(handler.offset + 8, 4), 0, 4) !== 'soun') continue
    const header = find(source, track, ['mdia', 'mdhd'])
    const samples = find(source, track, ['mdia', 'minf', 'stbl', 'stsd'])
    if (!header || !samples) break
    const entry = view(source.read(samples.offset + 8, 36).slice())
    const time = view(source.read(header.offset, 32))
    if (entry.byteLength < 36 || time.byteLength < 32) break
    const long = time.getUint8(0) === 1
    const timescale = time.getUint32(long ? 20 : 12, false)
    const duration = long ? Number(time.getBigUint64(24, false)) : time.getUint32(16, false)
    const name = ascii(new Uint8Array(entry.buffer), 4, 4)
    // Above 65,535 Hz the field is too small, and the timescale tells the rate.
    const sampleRate = entry.getUint16(32, false) || timescale
    const channels = entry.getUint16(24, false)
    checkFormat(sampleRate, channels)
    const known = timescale > 0 && duration > 0 && duration < 0xffffffff
    const durationSeconds = known ? duration / timescale : null
    const frames = durationSeconds === null ? null : Math.round(durationSeconds * sampleRate)
    return { container: 'mp4', codec: CODECS[name] ?? name.trim().toLowerCase(), sampleRate, channels, frames, durationSeconds }
  }
  throw corrupt('The MP4 file holds no sound track')
}

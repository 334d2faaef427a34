import { ascii, type ByteSource, view } from './byte-source.ts'
import { oggCrc } from './crc.ts'
import { corrupt, truncated, unsupported } from './faults.ts'

/** One page of an Ogg file (RFC 3533, section 6). */
export interface OggPage {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly serial: number
  /** Samples up to the end of the last packet that ends on this page; −1 where none does. */
  readonly granule: number
  readonly first: boolean
  readonly last: boolean
  readonly continued: boolean
}

/** The page at `offset`, whole, or undefined where the bytes there are none or end too early. */
function readPage(source: ByteSource, offset: number): OggPage | undefined {
  const head = source.read(offset, 27)
  if (head.length < 27 || ascii(head, 0, 4) !== 'OggS' || head[4] !== 0) return undefined
  const segments = head[26]!
  const flags = head[5]!
  const data = view(head)
  const granule = Number(data.getBigInt64(6, true))
  const serial = data.getUint32(14, true)
  const table = source.read(offset + 27, segments)
  let size = 27 + segments
  for (const length of table) size += length
  const bytes = source.read(offset, size)
  if (bytes.length < size) return undefined
  return { offset, bytes, serial, granule, first: (flags & 2) !== 0, last: (flags & 4) !== 0, continued: (flags & 1) !== 0 }
}

const checkPage = (page: OggPage): void => {
  if (view(page.bytes).getUint32(22, true) !== oggCrc(page.bytes))
    throw corrupt(`The Ogg file is damaged at byte ${page.offset}: a page does not match its checksum`)
}

/** The first packet of the first stream: it says which codec this is. */
export function readOggIdentification(source: ByteSource, start: number): { packet: Uint8Array; serial: number } {
  const page = readPage(source, start)
  if (!page) throw truncated('The file ends inside the first page of the Ogg stream')
  checkPage(page)
  if (!page.first) throw corrupt('The Ogg file does not begin with the start of a stream')
  return { packet: page.bytes.slice(27 + page.bytes[26]!), serial: page.serial }
}

/**
 * The position of the last sample, by the last page of the stream, looked for from the end of the file.
 * Throws where the file does not end with the page that is marked as the stream's end.
 */
export function readOggEnd(source: ByteSource, serial: number): number {
  // A page has at most 65,307 bytes.
  const start = Math.max(0, source.size - 2 * 65_307)
  const tail = source.read(start, source.size - start).slice()
  for (let at = tail.length - 27; at >= 0; at--) {
    if (tail[at] !== 0x4f || ascii(tail, at, 4) !== 'OggS' || view(tail).getUint32(at + 14, true) !== serial) continue
    const page = readPage(source, start + at)
    if (!page || !page.last) throw endMissing()
    checkPage(page)
    return page.granule
  }
  throw endMissing()
}

const endMissing = () => truncated('The Ogg file ends before its stream does: the page that marks the end is missing')

/** All pages of one stream, in order, each checked against its checksum; other streams are passed over. */
export function* walkOggPages(source: ByteSource, start: number, serial: number): Generator<OggPage> {
  let ended = false
  for (let offset = start; offset < source.size; ) {
    const page = readPage(source, offset)
    if (!page) {
      if (ended) return
      throw source.size - offset < 65_307 ? endMissing() : corrupt(`The Ogg file is damaged at byte ${offset}`)
    }
    checkPage(page)
    if (page.serial === serial) {
      yield page
      ended ||= page.last
    } else if (page.first && ended) throw unsupported('The Ogg file holds several recordings, one after the other')
    offset += page.bytes.length
  }
  if (!ended) throw endMissing()
}

/** The packets of one stream. A packet may span pages; its parts are joined. */
export function* walkOggPackets(pages: Iterable<OggPage>): Generator<Uint8Array> {
  let parts: Uint8Array[] = []
  for (const { bytes, continued } of pages) {
    if (continued !== parts.length > 0) throw corrupt('The Ogg file is damaged: a packet lacks its beginning or its end')
    const segments = bytes[26]!
    let at = 27 + segments
    let start = at
    for (let i = 0; i < segments; i++) {
      const length = bytes[27 + i]!
      at += length
      if (length === 255) continue
      parts.push(bytes.subarray(start, at))
      yield parts.length === 1 ? parts[0]! : Buffer.concat(parts)
      parts = []
      start = at
    }
    if (start < at) parts.push(bytes.slice(start, at))
  }
}

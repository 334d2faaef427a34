import { ascii, type ByteSource, view } from './byte-source.ts'
import { checkFormat, corrupt, truncated } from './faults.ts'

/** One element of EBML (RFC 8794): the binary tree that WebM and Matroska are written in. */
interface Element {
  readonly id: number
  readonly offset: number
  /** Null where it is unknown: a live recorder does not know it. */
  readonly size: number | null
}

export interface WebmTrack {
  number: number
  /** Of Matroska's registry: `A_OPUS`, `A_VORBIS`, … */
  codec: string
  kind: number
  sampleRate: number
  channels: number
  codecPrivate: Uint8Array
}

export interface Webm {
  readonly track: WebmTrack
  /** By the header; null where it does not say. */
  readonly durationSeconds: number | null
  /** Nanoseconds to leave out at the end. */
  readonly discardPadding: number
  readonly packets: readonly { readonly offset: number; readonly size: number }[]
  readonly laced: boolean
}

const SEGMENT = 0x18538067
const INFO = 0x1549a966
const TRACKS = 0x1654ae6b
const TRACK_ENTRY = 0xae
const AUDIO = 0xe1
const CLUSTER = 0x1f43b675
const BLOCK_GROUP = 0xa0
const ENTERED = new Set([SEGMENT, INFO, TRACKS, TRACK_ENTRY, AUDIO, CLUSTER, BLOCK_GROUP])
const AUDIO_TRACK = 2

/**
 * Walks the elements in the order of the file, into those that hold what is wanted and over all others; so
 * it does not matter whether the sizes of segments and clusters are known.
 */
function* walkElements(source: ByteSource): Generator<Element> {
  for (let offset = 0; offset < source.size; ) {
    const head = source.read(offset, 12)
    const idLength = Math.clz32(head[0]! << 24) + 1
    const sizeLength = Math.clz32((head[idLength] ?? 0) << 24) + 1
    if (idLength > 4 || sizeLength > 8) {
      throw head.length < 12 ? ends() : corrupt(`The WebM file is damaged at byte ${offset}`)
    }
    if (idLength + sizeLength > head.length) throw ends()
    let id = 0
    for (let i = 0; i < idLength; i++) id = id * 256 + head[i]!
    let size = head[idLength]! & (0xff >> sizeLength)
    let unknown = size === 0xff >> sizeLength
    for (let i = 1; i < sizeLength; i++) {
      size = size * 256 + head[idLength + i]!
      unknown &&= head[idLength + i] === 0xff
    }
    offset += idLength + sizeLength
    if (!unknown && offset + size > source.size) throw ends()
    yield { id, offset, size: unknown ? null : size }
    if (ENTERED.has(id)) continue
    if (unknown) throw corrupt(`The WebM file is damaged at byte ${offset}`)
    offset += size
  }
}

const ends = () => truncated('The WebM file ends in the middle of an element')

export function readWebm(source: ByteSource): Webm {
  const tracks: WebmTrack[] = []
  const packets: { offset: number; size: number }[] = []
  let scale = 1_000_000
  let duration: number | null = null
  let discardPadding = 0
  let laced = false
  const bytesOf = ({ offset, size }: Element) => source.read(offset, Math.min(size ?? 0, 65_536))
  const uint = (element: Element) => bytesOf(element).reduce((sum, byte) => sum * 256 + byte, 0)
  const float = (element: Element) => {
    const data = view(bytesOf(element))
    return data.byteLength === 4 ? data.getFloat32(0) : data.byteLength === 8 ? data.getFloat64(0) : 0
  }
  const track = () => tracks.at(-1)!
  const wanted = () => tracks.find((t) => t.kind === AUDIO_TRACK)
  for (const element of walkElements(source)) {
    if (element.id === TRACK_ENTRY)
      tracks.push({ number: 0, codec: '', kind: 0, sampleRate: 8000, channels: 1, codecPrivate: new Uint8Array(0) })
    else if (element.id === 0x2ad7b1) scale = uint(element)
    else if (element.id === 0x4489) duration = float(element)
    else if (element.id === 0xa3 || element.id === 0xa1) {
      const head = source.read(element.offset, 12)
      const numberLength = Math.clz32((head[0] ?? 0) << 24) + 1
      const number = numberLength === 1 ? head[0]! & 127 : ((head[0]! & 63) << 8) | head[1]!
      if (number !== wanted()?.number) continue
      laced ||= (head[numberLength + 2]! & 6) !== 0
      const skip = numberLength + 3
      packets.push({ offset: element.offset + skip, size: Math.max(0, (element.size ?? 0) - skip) })
    } else if (element.id === 0x75a2) {
      const value = uint(element)
      const range = 256 ** (element.size ?? 0)
      discardPadding = value >= range / 2 ? value - range : value
    } else if (tracks.length > 0 && packets.length === 0) {
      if (element.id === 0xd7) track().number = uint(element)
      else if (element.id === 0x83) track().kind = uint(element)
      else if (element.id === 0x86) track().codec = ascii(bytesOf(element), 0, 64).replace(/\0+$/, '')
      else if (element.id === 0x63a2) track().codecPrivate = bytesOf(element).slice()
      else if (element.id === 0xb5) track().sampleRate = Math.round(float(element))
      else if (element.id === 0x9f) track().channels = uint(element)
    }
  }
  const found = wanted()
  if (!found) throw corrupt('The WebM file holds no sound track')
  checkFormat(found.sampleRate, found.channels)
  const seconds = duration === null ? null : (duration * scale) / 1e9
  const known = seconds !== null && Number.isFinite(seconds) && seconds > 0
  return { track: found, durationSeconds: known ? seconds : null, discardPadding, packets, laced }
}

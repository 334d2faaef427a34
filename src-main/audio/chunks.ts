import { ascii, type ByteSource, view } from './byte-source.ts'
import { corrupt } from './faults.ts'

export interface Chunk {
  /** Four letters. */
  readonly name: string
  /** Where the content starts. */
  readonly offset: number
  /** As the header says; the file may hold less. */
  readonly size: number
}

/** More chunks than any writer makes: a bound on the walk through a damaged file. */
const MAX_CHUNKS = 10_000

/** Walks the chunks of an IFF-like file (RIFF, AIFF) from `offset`; odd ones are followed by a padding byte. */
export function* walkChunks(source: ByteSource, offset: number, littleEndian: boolean): Generator<Chunk> {
  for (let count = 0; offset + 8 <= source.size; count++) {
    if (count === MAX_CHUNKS) throw corrupt(`The file has more than ${MAX_CHUNKS} chunks and no samples among them`)
    const head = source.read(offset, 8)
    const size = view(head).getUint32(4, littleEndian)
    yield { name: ascii(head, 0, 4), offset: offset + 8, size }
    offset += 8 + size + (size & 1)
  }
}

import { ascii, type ByteSource } from './byte-source.ts'
import { empty, unsupported } from './faults.ts'
import type { Container } from './pcm.ts'

/** Extensions that a folder import looks at. What a file really is, its first bytes say. */
const EXTENSIONS = /\.(wav|wave|bwf|rf64|aif|aiff|aifc|flac|mp3|ogg|oga|opus|webm|mka|m4a|mp4|aac)$/i

/** True where the name's extension is that of an audio file; hidden files (also macOS's `._` twins) are not. */
export const isAudioFile = (name: string): boolean => {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  return !base.startsWith('.') && EXTENSIONS.test(base)
}

/** Where the sound starts: after an ID3v2 tag, which may stand before MP3, AAC and even FLAC. */
export function skipId3(source: ByteSource): number {
  let offset = 0
  for (let count = 0; count < 8; count++) {
    const head = source.read(offset, 10)
    if (head.length < 10 || ascii(head, 0, 3) !== 'ID3') break
    const size = ((head[6]! & 127) << 21) | ((head[7]! & 127) << 14) | ((head[8]! & 127) << 7) | (head[9]! & 127)
    offset += 10 + size + (head[5]! & 0x10 ? 10 : 0)
  }
  return offset
}

/** The container, by the file's first bytes. Throws where they are none that is read. */
export function sniffContainer(source: ByteSource): Container {
  if (source.size === 0) throw empty('The file is empty')
  const head = source.read(skipId3(source), 12)
  const start = ascii(head, 0, 4)
  const kind = ascii(head, 8, 4)
  if (/^(RIFF|RF64|BW64)$/.test(start) && (kind === 'WAVE' || head.length < 12)) return 'wav'
  if (start === 'FORM' && /^AIF[FC]$/.test(kind)) return 'aiff'
  if (start === 'fLaC') return 'flac'
  if (start === 'OggS') return 'ogg'
  if (start === '\x1a\x45\xdf\xa3') return 'webm'
  if (ascii(head, 4, 4) === 'ftyp') return 'mp4'
  if (head[0] === 0xff && (head[1]! & 0xf6) === 0xf0) return 'adts'
  if (head[0] === 0xff && (head[1]! & 0xe0) === 0xe0 && (head[1]! & 0x06) !== 0) return 'mp3'
  throw unsupported(describeForeign(source), 'Check that it is the file you meant; sound of another kind can be converted to WAV.')
}

function describeForeign(source: ByteSource): string {
  const head = source.read(0, 512)
  if (head.every((b) => b === 0)) return 'The file holds only zeros, no sound'
  if (head.every((b) => b === 9 || b === 10 || b === 13 || (b >= 32 && b !== 127))) return 'The file holds text, not sound'
  return 'The file is not of a kind of sound that can be read'
}

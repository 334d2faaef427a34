import type { ByteSource } from './byte-source.ts'
import { mixToMono } from './pcm.ts'
import { checkFinite, readPcm } from './pcm-layout.ts'
import { readAiffHeader } from './aiff.ts'
import { decodeSource } from './readers.ts'
import { sniffContainer } from './sniff.ts'
import { readWavHeader } from './wav.ts'

export interface MonoPiece {
  readonly samples: Float32Array
  /** Hz */
  readonly sampleRate: number
}

/** Frames of one piece. */
const PIECE = 2 ** 19

/**
 * A whole file as mono, piece after piece: WAV and AIFF in memory that does not grow with their length, the coded
 * formats in one piece.
 */
export async function* readPieces(source: ByteSource): AsyncGenerator<MonoPiece, void, void> {
  const container = sniffContainer(source)
  if (container !== 'wav' && container !== 'aiff') {
    const pcm = await decodeSource(source)
    yield { samples: mixToMono(pcm), sampleRate: pcm.sampleRate }
    return
  }
  const layout = container === 'wav' ? readWavHeader(source) : readAiffHeader(source)
  for (let start = 0; start < layout.frames; start += PIECE) {
    const pcm = readPcm(source, layout, start, start + PIECE)
    checkFinite(pcm.channels)
    yield { samples: mixToMono(pcm), sampleRate: pcm.sampleRate }
  }
}

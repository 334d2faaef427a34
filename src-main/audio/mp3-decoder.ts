import { readFileSync } from 'node:fs'
import { requirePackage, wasm } from './web-assembly.ts'

/** What the WebAssembly file of the package minimp3-wasm exports. Offsets are bytes into its memory. */
interface Minimp3 {
  readonly memory: { readonly buffer: ArrayBuffer }
  decoder_init(): void
  decoder_set_mp3_data_size(bytes: number): void
  decoder_mp3_data_offset(): number
  decoder_pcm_data_offset(): number
  decoder_decode(seconds: number): void
  /** Of all channels together. */
  decode_results_num_samples(): number
  decode_results_num_channels(): number
  decode_results_sampling_rate(): number
}

export interface Mp3Piece {
  readonly sampleRate: number
  readonly channels: Float32Array<ArrayBuffer>[]
}

/** Seconds that are decoded at a time: few enough samples that the module's memory stays small. */
const PIECE = 1

let compiled: object | undefined

/**
 * Decodes MPEG audio frames, which must be whole: on part of a frame at the end it may never return. Each file has an instance with a memory of its own, so that nothing a damaged
 * one leaves behind reaches the next. The package's own script is passed by: it reads the file by `fetch`
 * and decodes it all once more to learn its length.
 */
export function* decodeMpeg(frames: Uint8Array): Generator<Mp3Piece> {
  compiled ??= new wasm.Module(readFileSync(requirePackage.resolve('minimp3-wasm/dist/decoder.opt.wasm')))
  const decoder = new wasm.Instance(compiled, {}).exports as Minimp3
  decoder.decoder_init()
  decoder.decoder_set_mp3_data_size(frames.length)
  new Uint8Array(decoder.memory.buffer, decoder.decoder_mp3_data_offset(), frames.length).set(frames)
  for (;;) {
    decoder.decoder_decode(PIECE)
    const count = decoder.decode_results_num_samples()
    const channelCount = decoder.decode_results_num_channels()
    if (count <= 0 || channelCount <= 0) return
    const pcm = new Int16Array(decoder.memory.buffer, decoder.decoder_pcm_data_offset(), count)
    const length = Math.floor(count / channelCount)
    const channels = Array.from({ length: channelCount }, (_, c) => {
      const channel = new Float32Array(length)
      for (let i = 0, at = c; i < length; i++, at += channelCount) channel[i] = pcm[at]! / 32768
      return channel
    })
    yield { sampleRate: decoder.decode_results_sampling_rate(), channels }
  }
}

import { readFileSync } from 'node:fs'
import { requirePackage, wasm } from './web-assembly.ts'

/** What the Vorbis decoder of the package ogv (libvorbis as WebAssembly) offers. Codes: 1 is fine, 0 is not. */
interface OgvDecoder {
  readonly audioFormat: { readonly channels: number; readonly rate: number } | null
  readonly audioBuffer: Float32Array<ArrayBuffer>[] | null
  init(done: () => void): void
  processHeader(packet: ArrayBuffer, done: (code: number) => void): void
  processAudio(packet: ArrayBuffer, done: (code: number) => void): void
}

interface OgvSettings {
  readonly print: () => void
  readonly printErr: () => void
  readonly instantiateWasm: (imports: object, receive: (instance: object) => object) => object
}

export interface VorbisDecoder {
  readonly format: { readonly channels: number; readonly rate: number } | null
  /** One of the three header packets; false where it is damaged. */
  header(packet: Uint8Array): boolean
  /** The samples of one packet (none for the first, which only starts the overlap); null where it is damaged. */
  audio(packet: Uint8Array): Float32Array<ArrayBuffer>[] | null
}

const SCRIPT = 'ogv/dist/ogv-decoder-audio-vorbis-wasm.js'
let compiled: object | undefined

/** A decoder with a memory of its own, for one file. */
export async function createVorbisDecoder(): Promise<VorbisDecoder> {
  const path = requirePackage.resolve(SCRIPT)
  const module = (compiled ??= new wasm.Module(readFileSync(path.replace(/js$/, 'wasm'))))
  const create = requirePackage(path) as (settings: OgvSettings) => Promise<OgvDecoder>
  const ignore = () => {}
  const decoder = await create({
    print: ignore,
    printErr: ignore,
    instantiateWasm: (imports, receive) => receive(new wasm.Instance(module, imports)),
  })
  decoder.init(ignore)
  // The callbacks are called before the calls return.
  const run = (call: 'processHeader' | 'processAudio', packet: Uint8Array): boolean => {
    let code = 0
    decoder[call](Uint8Array.from(packet).buffer, (result) => (code = result))
    return code !== 0
  }
  return {
    get format() {
      return decoder.audioFormat
    },
    header: (packet) => run('processHeader', packet),
    audio: (packet) => (run('processAudio', packet) ? (decoder.audioBuffer ?? []) : null),
  }
}

/** Runs on the audio thread: hands the microphone's samples over in pieces, and touches nothing else. */
interface Processor {
  readonly port: MessagePort
}
declare const AudioWorkletProcessor: { new (): Processor }
declare function registerProcessor(name: string, processor: new (options: { processorOptions: { piece: number } }) => Processor): void

registerProcessor(
  'espectro-capture',
  class extends AudioWorkletProcessor {
    readonly #piece: number
    #samples: Float32Array<ArrayBuffer>
    #count = 0

    constructor({ processorOptions }: { processorOptions: { piece: number } }) {
      super()
      this.#piece = processorOptions.piece
      this.#samples = new Float32Array(this.#piece)
    }

    /** The first channel of the first input, 128 frames; the browser has mixed the device's channels into it. */
    process([input]: Float32Array[][]): boolean {
      const samples = input?.[0]
      if (!samples) return true
      for (let at = 0; at < samples.length; ) {
        const part = samples.subarray(at, at + this.#piece - this.#count)
        this.#samples.set(part, this.#count)
        this.#count += part.length
        at += part.length
        if (this.#count === this.#piece) {
          this.port.postMessage(this.#samples, [this.#samples.buffer])
          this.#samples = new Float32Array(this.#piece)
          this.#count = 0
        }
      }
      return true
    }
  },
)
